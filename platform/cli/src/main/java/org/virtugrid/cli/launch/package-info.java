/** Starts and stops the processes of a grid on this machine. */
package org.virtugrid.cli.launch;
