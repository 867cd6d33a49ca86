package org.virtugrid.control.vm.libvirt;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Prepares what a guest boots from. */
interface GuestMaker {

    /**
     * Files of this machine that a guest boots from.
     *
     * @param image name of the image's version
     * @param seed disk of the guest's identity and secrets; removed once it was copied to its host
     */
    record Parts(String image, Path kernel, Path initrd, Path root, Path seed) {}

    /**
     * Prepares one life of a guest. May be called again for the same one.
     *
     * @param peers host:port of every other node that may be there
     */
    Parts prepare(LibvirtVm vm, HostVms host, List<String> peers) throws IOException;

    /** Forgets what was made for a guest that is no more. */
    void forget(String id) throws IOException;
}
