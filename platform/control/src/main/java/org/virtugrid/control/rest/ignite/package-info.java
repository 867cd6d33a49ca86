/** Ignite's own REST behind our authentication: what is passed on, what we answer ourselves, and what is refused. */
package org.virtugrid.control.rest.ignite;
