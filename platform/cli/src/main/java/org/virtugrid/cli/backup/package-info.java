/** Backups: files that hold a grid's settings, catalogue, tasks and, on request, datasets. */
package org.virtugrid.cli.backup;
