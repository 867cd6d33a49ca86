/** The REST API: one noun per controller. Everything it knows of the grid it asks through the grid's own seams. */
package org.virtugrid.control.rest;
