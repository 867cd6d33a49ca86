/** The lines that match a regular expression. */
package org.virtugrid.jobs.filter;
