/** Which of several control processes leads: votes of a majority of them, as a lease. */
package org.virtugrid.control.leadership;
