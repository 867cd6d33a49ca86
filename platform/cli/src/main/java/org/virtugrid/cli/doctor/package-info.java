/** What must be right before a grid can start, each with a remedy of one line. */
package org.virtugrid.cli.doctor;
