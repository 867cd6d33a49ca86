/** The control process: what is started, in which order, and who gets what. */
package org.virtugrid.control;
