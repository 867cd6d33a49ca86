/** VirtuGrid as its users have it: started by its script, used through REST. */
package org.virtugrid.bench.product;
