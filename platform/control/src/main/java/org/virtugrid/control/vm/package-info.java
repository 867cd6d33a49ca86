/** What VirtuGrid needs of whatever makes its virtual machines. */
package org.virtugrid.control.vm;
