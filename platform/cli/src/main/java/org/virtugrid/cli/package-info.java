/** The command line: everything a user does, over REST; only {@code up} and {@code down} also handle processes. */
package org.virtugrid.cli;
