/** The number of records. */
package org.virtugrid.jobs.count;
