package org.virtugrid.control.coordinator;

/** Something happened that must never happen. */
final class InvariantViolation extends AssertionError {
    private static final long serialVersionUID = 1L;

    private final Invariants.Name invariant;

    InvariantViolation(Invariants.Name invariant, String what) {
        super(invariant + ": " + what);
        this.invariant = invariant;
    }

    Invariants.Name invariant() {
        return invariant;
    }
}
