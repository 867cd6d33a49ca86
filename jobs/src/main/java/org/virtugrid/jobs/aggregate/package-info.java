/** Sum, minimum, maximum and mean of numbers, exact and so the same in whatever order they come. */
package org.virtugrid.jobs.aggregate;
