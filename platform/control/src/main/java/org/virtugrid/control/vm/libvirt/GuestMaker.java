package org.virtugrid.control.vm.libvirt;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Prepares what guests boot from. */
interface GuestMaker {

    /** The image of guests that start now. */
    GuestImage image();

    /**
     * Writes the disk of a guest's identity and secrets for one life; its file is removed once it was copied to its host. May
     * be called again for the same life.
     */
    Path seed(LibvirtVm vm, HostVms host, GridHints hints) throws IOException;

    /**
     * Writes the disk of a guest that gets ready and then waits to be told who it is; empty where guests can't do that. Holds
     * no secret. What two guests of one kind get is the same.
     *
     * @param vm of that kind
     */
    default Optional<Path> waitingSeed(LibvirtVm vm, HostVms host) throws IOException {
        return Optional.empty();
    }

    /** Forgets what was made for a guest that is no more. */
    void forget(String id) throws IOException;
}
