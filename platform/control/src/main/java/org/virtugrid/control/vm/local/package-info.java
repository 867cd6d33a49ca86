/** What this machine itself shows of the processes that VMs live in. */
package org.virtugrid.control.vm.local;
