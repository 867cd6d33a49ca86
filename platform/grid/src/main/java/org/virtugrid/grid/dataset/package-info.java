/** Datasets: how bytes become chunks with copies, where they lie, and how they come back. */
package org.virtugrid.grid.dataset;
