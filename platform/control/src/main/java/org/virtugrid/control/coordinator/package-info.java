/** Decides what VMs and the grid's membership need, from what is wanted and what is seen, and does it. */
package org.virtugrid.control.coordinator;
