/** The home: the one directory that holds all state, logs and secrets of a platform. */
package org.virtugrid.control.home;
