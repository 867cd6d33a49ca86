package org.virtugrid.control.rest;

/**
 * How datasets are stored where the request does not say.
 *
 * @param backups copies beside the first, as {@code up --backups} set it; fewer where there are not enough workers
 */
public record DatasetDefaults(int backups) {}
