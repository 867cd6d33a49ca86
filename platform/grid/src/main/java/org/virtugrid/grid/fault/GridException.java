package org.virtugrid.grid.fault;

/**
 * An error that tells its caller what kind it is: wrong input, nothing found, refused for safety, in conflict with what
 * is there, or not possible now. Carries the field and the remedy where there are any.
 */
public class GridException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What the caller can do about it. */
    public enum Kind {
        /** The input is wrong; the same call fails again. */
        INVALID,
        /** There is nothing by that name. */
        NOT_FOUND,
        /** Carrying it out could lose data. */
        REFUSED,
        /** It contradicts what is there already. */
        CONFLICT,
        /** It cannot be done now; the same call may succeed later. */
        UNAVAILABLE
    }

    private final Kind kind;
    private final String field;
    private final String fix;

    /** Kind, field (or null), what is wrong in one sentence, and the remedy (or null). */
    public GridException(Kind kind, String field, String detail, String fix) {
        super(detail);
        this.kind = kind;
        this.field = field;
        this.fix = fix;
    }

    /** The same with the error that caused it. */
    public GridException(Kind kind, String field, String detail, String fix, Throwable cause) {
        super(detail, cause);
        this.kind = kind;
        this.field = field;
        this.fix = fix;
    }

    /** Wrong input: the field, what is wrong with it, and what would be right. */
    public static GridException invalid(String field, String detail, String fix) {
        return new GridException(Kind.INVALID, field, detail, fix);
    }

    /** Nothing by that name. */
    public static GridException notFound(String what, String name, String fix) {
        return new GridException(Kind.NOT_FOUND, what, "there is no " + what + " '" + name + "'", fix);
    }

    /** Refused, because it could lose data. */
    public static GridException refused(String detail, String fix) {
        return new GridException(Kind.REFUSED, null, detail, fix);
    }

    /** Not possible now. */
    public static GridException unavailable(String detail, String fix) {
        return new GridException(Kind.UNAVAILABLE, null, detail, fix);
    }

    /** What the caller can do about it. */
    public Kind kind() {
        return kind;
    }

    /** The field that is wrong, or null. */
    public String field() {
        return field;
    }

    /** The remedy, or null. */
    public String fix() {
        return fix;
    }
}
