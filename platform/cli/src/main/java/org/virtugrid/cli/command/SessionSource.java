package org.virtugrid.cli.command;

/** Gives a command what the options before and after it say. */
interface SessionSource {
    Session session();
}
