/** Errors of the data plane, each of a kind that tells its caller what to do about it. */
package org.virtugrid.grid.fault;
