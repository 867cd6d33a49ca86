package org.virtugrid.control.vm.libvirt;

import java.net.URI;

/** Addresses of libvirt. */
final class LibvirtUri {
    private LibvirtUri() {}

    /** Whether it is this very machine's libvirt, so that its processes are in our process table. */
    static boolean isLocal(String uri) {
        try {
            URI parsed = URI.create(uri);
            boolean unix = "qemu".equals(parsed.getScheme()) || "qemu+unix".equals(parsed.getScheme());
            return unix
                    && (parsed.getAuthority() == null || parsed.getAuthority().isEmpty());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
