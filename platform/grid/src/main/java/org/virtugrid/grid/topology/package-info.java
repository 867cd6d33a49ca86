/** Who is in the grid, where copies lie, and which caches lie on whom. */
package org.virtugrid.grid.topology;
