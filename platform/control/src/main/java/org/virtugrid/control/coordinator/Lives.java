package org.virtugrid.control.coordinator;

/**
 * The lives of a VM as far as they were watched. Immutable.
 *
 * @param current the one that was seen last, empty before
 * @param since when it was seen first
 * @param lastEnded the last one that ended by itself, empty before
 * @param ended how many in a row did so, none of them after it had been steady
 */
record Lives(String current, long since, String lastEnded, int ended) {
    static final Lives NONE = new Lives("", 0, "", 0);

    Lives seen(String lifeId, long now) {
        return current.equals(lifeId) ? this : new Lives(String.valueOf(lifeId), now, lastEnded, ended);
    }

    Lives died(String lifeId) {
        return lastEnded.equals(lifeId) ? this : new Lives(current, since, String.valueOf(lifeId), ended + 1);
    }

    /** It has been steady. */
    Lives steady() {
        return ended == 0 ? this : new Lives(current, since, lastEnded, 0);
    }

    /** It got a new disk, which is done once: if that does not help either, it was not the disk. */
    Lives replaced() {
        return new Lives(current, since, lastEnded, ended + 1);
    }

    /** Since when the life is watched; now, if it never was. */
    long since(String lifeId, long now) {
        return current.equals(lifeId) ? since : now;
    }
}
