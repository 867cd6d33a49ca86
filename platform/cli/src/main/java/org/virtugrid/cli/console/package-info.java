/** What a command sees of its surroundings, and how it talks: data to stdout, all else to stderr. */
package org.virtugrid.cli.console;
