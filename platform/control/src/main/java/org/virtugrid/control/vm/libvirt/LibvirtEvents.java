package org.virtugrid.control.vm.libvirt;

import com.sun.jna.PointerType;
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

    /**
     * A connection that can also be asked what the binding has no method for. It is closed when nobody asks it any more: native
     * code that is in the middle of a question would go on in freed memory and end the whole process.
     */
    static final class Connection extends Connect {
        private int asking;
        private boolean unwanted;
        private boolean closing;

        private Connection(String uri) throws LibvirtException {
            super(uri);
        }

        /** Whoever asks it begins with this, and ends with {@link #leave} if it is true. */
        synchronized boolean enter() {
            if (unwanted) {
                return false;
            }
            asking++;
            return true;
        }

        void leave() {
            synchronized (this) {
                asking--;
            }
            closeIfIdle();
        }

        /** Closes it as soon as nobody asks it; takes no more questions. May block as long as the host takes. */
        void abandon() {
            synchronized (this) {
                unwanted = true;
            }
            closeIfIdle();
        }

        private void closeIfIdle() {
            synchronized (this) {
                if (!unwanted || asking > 0 || closing) {
                    return;
                }
                closing = true;
            }
            try {
                close();
            } catch (LibvirtException e) {
                LOG.debug("A connection could not be closed: {}", e.toString());
            }
        }

        /** Of libvirt's own; null once it is closed. */
        PointerType pointer() {
            return vcp;
        }
    }

    /** A new connection, whose listeners are never collected. */
    static Connection open(String uri) throws LibvirtException {
        start();
        Connection connection = new Connection(uri);
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
