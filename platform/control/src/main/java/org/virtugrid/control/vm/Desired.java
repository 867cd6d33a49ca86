package org.virtugrid.control.vm;

/** What its owner wants of a VM; kept in the VM's record. */
public enum Desired {
    /** It shall run, and be brought back when it dies. */
    RUNNING,
    /** It shall rest, with its data. */
    STOPPED,
    /** It shall vanish, once everything it holds is held by others. */
    DESTROYED
}
