package org.virtugrid.jobs.api;

/** A parameter or an input that a job cannot work with: which field, what is wrong, and what would be right. */
public class InvalidJobException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String detail;
    private final String fix;

    /** Names the field, what is wrong with it in half a sentence, and the remedy as an imperative. */
    public InvalidJobException(String field, String detail, String fix) {
        super(field + ": " + detail + "; " + fix);
        this.detail = detail;
        this.field = field;
        this.fix = fix;
    }

    /** A partial result that outgrew {@link JobContext#partialBytesLimit}. */
    public static InvalidJobException tooLarge(JobContext context, String what) {
        return new InvalidJobException(
                what,
                "the partial result outgrew its " + context.partialBytesLimit() + " bytes on one worker",
                "use workers with more memory, or narrow the input with filter first");
    }

    /** What a user's class has thrown, in words; also when it is an exception that fails to give them. */
    public static String inWords(Throwable error) {
        try {
            return error.toString();
        } catch (RuntimeException e) {
            return error.getClass().getName();
        }
    }

    /** The field that is wrong. */
    public String field() {
        return field;
    }

    /** What is wrong with it, half a sentence. */
    public String detail() {
        return detail;
    }

    /** What to do about it. */
    public String fix() {
        return fix;
    }
}
