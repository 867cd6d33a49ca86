package org.virtugrid.control.coordinator;

/**
 * The lives of a VM as far as they were watched. Immutable.
 *
 * @param current the one that was seen last, empty before
 * @param since when it was seen first
 * @param lastSeen when it was seen last
 * @param lastEnded the last one that ended by itself, empty before
 * @param ended how many in a row did so, none of them after it had been steady
 */
record Lives(String current, long since, long lastSeen, String lastEnded, int ended) {
    static final Lives NONE = new Lives("", 0, 0, "", 0);

    Lives seen(String lifeId, long now) {
        return new Lives(String.valueOf(lifeId), since(lifeId, now), now, lastEnded, ended);
    }

    Lives died(String lifeId) {
        return lastEnded.equals(lifeId) ? this : new Lives(current, since, lastSeen, String.valueOf(lifeId), ended + 1);
    }

    /** It has been steady. */
    Lives steady() {
        return ended == 0 ? this : new Lives(current, since, lastSeen, lastEnded, 0);
    }

    /** It got a new disk, which is done once: if that does not help either, it was not the disk. */
    Lives replaced() {
        return new Lives(current, since, lastSeen, lastEnded, ended + 1);
    }

    /** Since when the life is watched; now, if it never was. */
    long since(String lifeId, long now) {
        return current.equals(lifeId) ? since : now;
    }
}
