package org.virtugrid.control.vm.libvirt;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Prepares what guests boot from. */
interface GuestMaker {

    /** The image of guests that start now. */
    GuestImage image();

    /**
     * Writes the disk of a guest's identity and secrets for one life; its file is removed once it was copied to its host. May
     * be called again for the same life.
     *
     * @param peers host:port of every other node that may be there
     */
    Path seed(LibvirtVm vm, HostVms host, List<String> peers) throws IOException;

    /** Forgets what was made for a guest that is no more. */
    void forget(String id) throws IOException;
}
