package org.virtugrid.cli.console;

/** How data is printed. */
public enum OutputFormat {
    table,
    json,
    yaml
}
