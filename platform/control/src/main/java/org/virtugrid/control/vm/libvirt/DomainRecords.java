package org.virtugrid.control.vm.libvirt;

import java.util.Optional;
import java.util.UUID;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.Error.ErrorNumber;
import org.libvirt.LibvirtException;

/** Guests' records in the metadata of their domains. */
final class DomainRecords {
    private static final int METADATA_ELEMENT = 2;
    private static final int AFFECT_LIVE = 1;
    private static final int AFFECT_CONFIG = 2;

    private DomainRecords() {}

    /** The record that a domain carries; empty when it carries none. */
    static Optional<LibvirtVm> read(Domain domain) throws LibvirtException {
        try {
            return VmMetadata.read(domain.getMetadata(METADATA_ELEMENT, VmMetadata.URI, AFFECT_CONFIG));
        } catch (LibvirtException e) {
            ErrorNumber code = e.getError().getCode();
            // One that has no definition is somebody else's, or a guest that is just arriving
            if (code == ErrorNumber.VIR_ERR_NO_DOMAIN_METADATA || code == ErrorNumber.VIR_ERR_OPERATION_INVALID) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The domain of a guest; empty when libvirt knows none. */
    static Optional<Domain> lookUp(Connect connection, LibvirtVm vm) throws LibvirtException {
        try {
            return Optional.of(connection.domainLookupByUUID(UUID.fromString(vm.uuid())));
        } catch (LibvirtException e) {
            if (e.getError().getCode() == ErrorNumber.VIR_ERR_NO_DOMAIN) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Replaces the record, in the definition and in the domain that may run; nothing where somebody removed the domain. */
    static void write(Connect connection, LibvirtVm vm) throws LibvirtException {
        Optional<Domain> found = lookUp(connection, vm);
        if (found.isEmpty()) {
            return;
        }
        Domain domain = found.get();
        String record = VmMetadata.write(vm);
        if (domain.isActive() == 1) {
            try {
                write(domain, record, AFFECT_CONFIG | AFFECT_LIVE);
                return;
            } catch (LibvirtException e) {
                // It may have ended in between
                if (domain.isActive() == 1) {
                    throw e;
                }
            }
        }
        write(domain, record, AFFECT_CONFIG);
    }

    private static void write(Domain domain, String record, int where) throws LibvirtException {
        domain.setMetadata(METADATA_ELEMENT, record, VmMetadata.PREFIX, VmMetadata.URI, where);
    }
}
