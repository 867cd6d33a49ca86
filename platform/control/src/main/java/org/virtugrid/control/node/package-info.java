/** Control's own node in the grid, and the grid as seen through it. */
package org.virtugrid.control.node;
