package org.virtugrid.grid.node;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.virtugrid.grid.topology.NodeRole;

/**
 * What one node must know to start. Written as a properties file by whoever starts the node; holds no secret.
 *
 * @param role what kind of node it is
 * @param vmId id of the VM it lives in ("control-1" for a control node)
 * @param consistentId its name in the baseline, kept when its database is emptied
 * @param life which life of its VM this is, where a process id doesn't tell; empty where it does
 * @param host the physical host, which copies avoid to share
 * @param workDirectory where its database lies
 * @param bindAddress the one address it listens on
 * @param discoveryPort its discovery port
 * @param communicationPort its communication port
 * @param discoveryAddresses host:port of every node that may be there
 * @param regionBytes page memory for data
 * @param forceWrites each commit is on disk before it counts; needed where the machine under the node may end with what its
 *     kernel has not written yet, as a guest does that is killed
 * @param failureDetection after this silence a node counts as failed
 * @param jobThreads threads for users' work
 * @param thinPort port for thin clients, 0 for none
 * @param restHttpPort port of Ignite's own REST over HTTP, 0 for none
 * @param restTcpPort port of Ignite's binary REST, 0 for none
 * @param tls folder with this node's key and the grid's authority, see {@link NodeTls}; null for none, which only loopback
 *     may have
 */
public record NodeSettings(
        NodeRole role,
        String vmId,
        String consistentId,
        String life,
        String host,
        Path workDirectory,
        String bindAddress,
        int discoveryPort,
        int communicationPort,
        List<String> discoveryAddresses,
        long regionBytes,
        boolean forceWrites,
        Duration failureDetection,
        int jobThreads,
        int thinPort,
        int restHttpPort,
        int restTcpPort,
        Path tls) {}
