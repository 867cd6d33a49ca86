package org.virtugrid.grid.node;

import java.util.Map;

/** What Ignite and the JVM read from system properties only. */
public final class IgniteProperties {
    private static final Map<String, String> PROPERTIES = Map.of(
            "java.net.preferIPv4Stack",
            "true",
            "IGNITE_UPDATE_NOTIFIER",
            "false",
            "IGNITE_QUIET",
            "false",
            "IGNITE_NO_ASCII",
            "true",
            // Pages are written by the thread that has them: handing each to another one costs more than writing it
            "IGNITE_USE_ASYNC_FILE_IO_FACTORY",
            "false",
            // Copies say within this many ms, not 500, that they have seen the end of a write; until then no cache can
            // be made
            "IGNITE_ATOMIC_DEFERRED_ACK_TIMEOUT",
            "20",
            "IGNITE_DEFERRED_ONE_PHASE_COMMIT_ACK_REQUEST_TIMEOUT",
            "20");

    private IgniteProperties() {}

    /** Sets them for this process. To be called before any class of Ignite is used. */
    public static void set() {
        PROPERTIES.forEach(System::setProperty);
    }
}
