/**
 * Tasks and the work they are made of. A task is an entry in a partitioned cache; the worker with its primary copy leads
 * it, hands units of work to the workers that hold the data, joins what they send, and commits one result.
 */
package org.virtugrid.grid.compute;
