package org.virtugrid.control.vm.libvirt;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.libvirt.Connect;
import org.libvirt.Error.ErrorNumber;
import org.libvirt.LibvirtException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmDriverException.Kind;
import org.virtugrid.control.vm.libvirt.GuestNetwork.Isolation;

/**
 * What guests may send and be sent, as a network filter of libvirt on each host; see its "Network Filters". Every guest's
 * network card refers to it, with the guest's own addresses.
 *
 * <p>It allows by address: control, and of the guest's network the two ports of the grid. It looks at single packets, since
 * following connections on a bridge wants settings of the host's kernel; so an answer is told by the port that it comes
 * from.
 */
final class NetworkFilter {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkFilter.class);
    private static final String RULE = "  <rule action='%s' direction='%s' priority='%d'>%s</rule>%n";
    private static final List<Integer> GRID_PORTS = List.of(LibvirtVm.COMMUNICATION_PORT, LibvirtVm.DISCOVERY_PORT);

    private final String name;
    private final GuestNetwork network;
    private final Map<String, String> states = new ConcurrentHashMap<>();

    /** The filter of a platform. */
    NetworkFilter(String platform, GuestNetwork network) {
        this.name = "virtugrid-" + platform;
        this.network = network;
    }

    /** Whether guests that started on a host are isolated, in words; null while that is not known. */
    String state(String host) {
        return states.get(host);
    }

    /**
     * Makes the host's filter what it shall be, also for guests that run.
     *
     * @return the filter's name for a guest's definition, or null where guests are not to be filtered or can't be
     */
    String prepare(HostVms host, Connect connection) throws LibvirtException {
        if (network.isolation() == Isolation.OFF) {
            states.put(host.name(), "off");
            return null;
        }
        try {
            connection.networkFilterDefineXML(xml());
            states.put(host.name(), "filtered");
            return name;
        } catch (LibvirtException e) {
            if (e.getError().getCode() != ErrorNumber.VIR_ERR_NO_SUPPORT) {
                throw e;
            }
            return without(host, "its libvirt has no network filters");
        }
    }

    /** Whether a guest could not be started because its host lacks what filters are made with, and may be without them. */
    boolean mayDoWithout(HostVms host, VmDriverException e) {
        if (!String.valueOf(e.getMessage()).contains("firewall")) {
            return false;
        }
        without(host, e.getMessage());
        return true;
    }

    private String without(HostVms host, String why) {
        if (network.isolation() == Isolation.REQUIRED) {
            throw new VmDriverException(
                    Kind.FAILED,
                    "host " + host.name() + " cannot isolate guests, and network.isolation is required: " + why
                            + "; install ebtables and iptables there, and libvirt's driver of network filters");
        }
        states.put(host.name(), "none: " + why);
        return null;
    }

    /** Removes the filter from a host that has no guests any more; no error when there is none, or somebody uses it. */
    void forget(HostVms host, Connect connection) {
        if (host.records().isEmpty()) {
            try {
                connection.networkFilterLookupByName(name).undefine();
            } catch (LibvirtException e) {
                LOG.debug("The filter stays on {}: {}", host.name(), e.toString());
            }
        }
    }

    /** The definition. Pure; the same for the same settings, also its identity, by which libvirt finds it. */
    String xml() {
        StringBuilder out = new StringBuilder("<filter name='%s' chain='root'>%n  <uuid>%s</uuid>%n"
                .formatted(Xml.escaped(name), UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8))));
        // Nobody sends under another's address
        rule(out, "accept", "out", 100, "<arp arpsrcmacaddr='$MAC' arpsrcipaddr='$IP'/>");
        rule(out, "accept", "in", 100, "<arp/>");
        both(out, 200, network.address(), 32, null, null);
        for (int port : GRID_PORTS) {
            // Others ask this guest, and this guest asks others
            both(out, 300, network.address(), network.prefix(), "tcp", port);
            answers(out, 300, network.address(), network.prefix(), port);
        }
        for (AllowedPeer peer : network.allowed()) {
            both(out, 400, peer.address(), peer.prefix(), peer.protocol(), peer.port());
        }
        // IPv6 and everything else, too
        rule(out, "drop", "inout", 900, "<mac/>");
        return out.append("</filter>\n").toString();
    }

    /** The guest sends to a port of the peer, and the peer answers from there. */
    private static void both(StringBuilder out, int priority, String peer, int prefix, String protocol, Integer port) {
        String to = port == null ? "" : " protocol='%s' dstportstart='%d'".formatted(protocol, port);
        String from = port == null ? "" : " protocol='%s' srcportstart='%d'".formatted(protocol, port);
        sends(out, priority, peer, prefix, to);
        gets(out, priority, peer, prefix, from);
    }

    /** A peer sends to a port of the guest, and the guest answers from there. */
    private static void answers(StringBuilder out, int priority, String peer, int prefix, int port) {
        sends(out, priority, peer, prefix, " protocol='tcp' srcportstart='%d'".formatted(port));
        gets(out, priority, peer, prefix, " protocol='tcp' dstportstart='%d'".formatted(port));
    }

    private static void sends(StringBuilder out, int priority, String peer, int prefix, String ports) {
        rule(
                out,
                "accept",
                "out",
                priority,
                "<ip srcmacaddr='$MAC' srcipaddr='$IP' dstipaddr='%s' dstipmask='%d'%s/>"
                        .formatted(peer, prefix, ports));
    }

    private static void gets(StringBuilder out, int priority, String peer, int prefix, String ports) {
        rule(
                out,
                "accept",
                "in",
                priority,
                "<ip dstipaddr='$IP' srcipaddr='%s' srcipmask='%d'%s/>".formatted(peer, prefix, ports));
    }

    private static void rule(StringBuilder out, String action, String direction, int priority, String what) {
        out.append(RULE.formatted(action, direction, priority, what));
    }
}
