/** What can go wrong for a user, and the exit code that says so. */
package org.virtugrid.cli.failure;
