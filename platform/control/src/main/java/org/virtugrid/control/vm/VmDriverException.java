package org.virtugrid.control.vm;

/** A driver could not do what it was asked. */
public class VmDriverException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What its caller can do. */
    public enum Kind {
        /** There is no such VM. */
        NOT_FOUND,
        /** It is known that nothing was changed; the same call may succeed later. */
        FAILED,
        /** It is known that nothing was changed, since the VM's host could not be reached. */
        UNREACHABLE,
        /** It is known that nothing was changed, and it cannot be done while the VM runs as it does. */
        UNSUPPORTED,
        /** It is not known what was changed; probe before anything else. */
        OUTCOME_UNKNOWN
    }

    private final Kind kind;

    /** Kind and one sentence. */
    public VmDriverException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** The same with its cause. */
    public VmDriverException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** What its caller can do. */
    public Kind kind() {
        return kind;
    }
}
