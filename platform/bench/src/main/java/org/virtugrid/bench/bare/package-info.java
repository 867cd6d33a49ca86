/** The same work as an expert would write it over bare Ignite, with the guarantees that VirtuGrid gives. */
package org.virtugrid.bench.bare;
