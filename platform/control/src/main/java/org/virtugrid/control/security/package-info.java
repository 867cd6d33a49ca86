/** Who may talk to the control plane: the admin token, the page's session, and what guards the HTTP port. */
package org.virtugrid.control.security;
