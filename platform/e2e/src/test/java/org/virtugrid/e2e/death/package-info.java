/** Workers, control and everything killed or frozen in the midst of work, and what is true afterwards. */
package org.virtugrid.e2e.death;
