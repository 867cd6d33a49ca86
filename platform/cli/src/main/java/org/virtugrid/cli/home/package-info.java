/** The directory in which a grid keeps everything: settings, secrets, the identities of its processes, ports. */
package org.virtugrid.cli.home;
