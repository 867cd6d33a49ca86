/** How values are read from the command line and shown: sizes, times, tables, JSON and YAML. */
package org.virtugrid.cli.format;
