/**
 * The records that cross the REST API, as the control plane writes them and the command line reads them.
 *
 * <p>JSON names are the component names. Sizes are bytes, times ISO-8601 instants or seconds, ratios 0 to 1;
 * absent values are {@code null}. The records hold data only, so that both sides stay free of each other.
 */
package org.virtugrid.api;
