/** The order of lines, and the parts of a sort that is spread over workers: sorting runs, merging them, and cutting their order into ranges. */
package org.virtugrid.jobs.sort;
