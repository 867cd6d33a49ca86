/** How many numbers lie in each of equal bins. */
package org.virtugrid.jobs.histogram;
