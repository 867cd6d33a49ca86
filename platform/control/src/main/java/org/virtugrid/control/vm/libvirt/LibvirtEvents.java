package org.virtugrid.control.vm.libvirt;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.libvirt.Connect;
import org.libvirt.Library;
import org.libvirt.LibvirtException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one loop of this process that delivers events of all connections and keeps them alive. */
final class LibvirtEvents {
    private static final Logger LOG = LoggerFactory.getLogger(LibvirtEvents.class);
    /**
     * Every connection that ever was: native code may call its listeners once more after it was closed, and ends the whole
     * process when the garbage collector has taken them.
     */
    private static final Queue<Connect> KEPT = new ConcurrentLinkedQueue<>();

    private static boolean started;

    private LibvirtEvents() {}

    private static synchronized void start() throws LibvirtException {
        if (started) {
            return;
        }
        // libvirt writes errors to stderr unless someone takes them; each comes as an exception too
        Connect.setErrorCallback((data, error) -> {});
        Library.initEventLoop();
        Thread loop = new Thread(LibvirtEvents::loop, "libvirt-events");
        loop.setDaemon(true);
        loop.start();
        started = true;
    }

    /** A new connection, whose listeners are never collected. */
    static Connect open(String uri) throws LibvirtException {
        start();
        Connect connection = new Connect(uri);
        KEPT.add(connection);
        return connection;
    }

    private static void loop() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Library.runEventLoop();
            } catch (InterruptedException e) {
                return;
            } catch (LibvirtException | RuntimeException e) {
                LOG.warn("The loop of libvirt's events goes on after {}", e.toString());
            }
        }
    }
}
