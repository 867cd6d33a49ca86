/** A node of the grid: its settings, its start, what it does when it is cut off. */
package org.virtugrid.grid.node;
