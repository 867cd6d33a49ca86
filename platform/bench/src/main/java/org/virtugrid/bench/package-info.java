/** Measures VirtuGrid beside bare Ignite, coreutils and plain threads, and checks that all come to the same results. */
package org.virtugrid.bench;
