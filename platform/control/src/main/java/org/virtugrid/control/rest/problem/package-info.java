/** Errors as the REST API tells them: one mapping from exceptions to RFC 9457 problems, one writer for them. */
package org.virtugrid.control.rest.problem;
