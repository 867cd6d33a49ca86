/** The driver that needs nothing installed: a VM is a worker JVM on this machine and a folder that is its disk. */
package org.virtugrid.control.vm.process;
