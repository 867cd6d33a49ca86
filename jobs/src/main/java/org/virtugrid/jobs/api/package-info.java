/**
 * The job API: what a computation over a dataset looks like, for the built-in operations and for your own.
 *
 * <p>A job is found by its name through {@link java.util.ServiceLoader}. Nothing here knows of Ignite, of
 * partitions or of failures: the platform calls a job where the data lies and calls it again when a worker dies.
 */
package org.virtugrid.jobs.api;
