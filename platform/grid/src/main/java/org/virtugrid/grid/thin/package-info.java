/** Compute tasks that thin clients run by the full name of their class; docs/guide/thin-client.md is their contract. */
package org.virtugrid.grid.thin;
