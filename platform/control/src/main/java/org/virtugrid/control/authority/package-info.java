/** The grid's own certificate authority, by which nodes know one another. */
package org.virtugrid.control.authority;
