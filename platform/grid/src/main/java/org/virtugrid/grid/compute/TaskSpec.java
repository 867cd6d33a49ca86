package org.virtugrid.grid.compute;

import java.util.Map;
import org.virtugrid.jobs.value.NumberText;

/**
 * What a task is to do.
 *
 * @param type process (a job over data) or check (every copy of a dataset's chunks)
 * @param operation the job's name; for check "check" or "repair"
 * @param parameters parameters of the operation
 * @param dataset the input dataset's name, or null
 * @param inputJson the inline input, a JSON array, or null
 * @param saveAs name of the dataset that takes the output, or null
 */
public record TaskSpec(
        String type,
        String operation,
        Map<String, String> parameters,
        String dataset,
        String inputJson,
        String saveAs) {
    /** Characters that a number of the inline input may have, its sign, point and exponent included. */
    public static final int LONGEST_NUMBER = NumberText.MAX_DIGITS + 16;
}
