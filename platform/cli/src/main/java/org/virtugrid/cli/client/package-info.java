/** The REST API as seen from here: requests, uploads, downloads and event streams, with every error as an exit code. */
package org.virtugrid.cli.client;
