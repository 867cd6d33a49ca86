/** The words that the built-in operations share: values and columns of records, numbers, counts of byte strings. */
package org.virtugrid.jobs.value;
