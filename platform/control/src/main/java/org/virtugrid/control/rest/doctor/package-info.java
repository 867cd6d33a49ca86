/** What the control process can see of its own health; the command line adds what it sees from outside. */
package org.virtugrid.control.rest.doctor;
