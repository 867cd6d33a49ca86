package org.virtugrid.jobs.api;

/**
 * The answer of a job: a value that has a JSON form.
 *
 * @param value null, a string, a boolean, a number (whole numbers stay whole, also {@code BigInteger} and
 *     {@code BigDecimal}), a list or a map with string keys of such values
 */
public record JobResult(Object value) {}
