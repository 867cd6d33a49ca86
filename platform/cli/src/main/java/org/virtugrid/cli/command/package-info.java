/** The commands, one noun per file; each asks the grid, prints the answer and returns the exit code. */
package org.virtugrid.cli.command;
