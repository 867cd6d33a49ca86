/** The data plane in one place: datasets, tasks and the map of copies, as an active grid offers them. */
package org.virtugrid.grid;
