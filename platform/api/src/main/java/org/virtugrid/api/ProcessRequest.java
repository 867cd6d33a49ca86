package org.virtugrid.api;

import java.util.Map;

/**
 * A data processing task: exactly one of {@code inputData} (a JSON array) and {@code dataset}.
 *
 * @param parameters parameters of the operation, and {@code cpu} and {@code memory} (MB) that bound the task
 * @param saveAs name of the dataset that takes the output, or null
 */
public record ProcessRequest(
        Object inputData, String dataset, String operation, Map<String, Object> parameters, String saveAs) {}
