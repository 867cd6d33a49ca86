package org.virtugrid.api;

import java.time.Instant;
import java.util.Map;

/**
 * Something that happened to the platform.
 *
 * @param type such as VM_CRASHED, VM_FENCED, VM_STARTED, BASELINE_CHANGED
 * @param subject the VM, dataset or task it happened to
 * @param cause one sentence
 * @param evidence the observations that led to it
 */
public record EventView(Instant time, String type, String subject, String cause, Map<String, Object> evidence) {}
