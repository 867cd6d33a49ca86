/** VMs as guests of KVM or QEMU on hosts that run libvirt. */
package org.virtugrid.control.vm.libvirt;
