/** The same work on this machine without a grid. */
package org.virtugrid.bench.local;
