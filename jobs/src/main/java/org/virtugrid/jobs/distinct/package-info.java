/** The number of different values. */
package org.virtugrid.jobs.distinct;
