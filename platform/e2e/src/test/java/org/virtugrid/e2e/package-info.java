/** Tests of the whole: the arrows between modules, and the built product as its users meet it. */
package org.virtugrid.e2e;
