package org.virtugrid.control.vm.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntPredicate;
import org.virtugrid.control.vm.VmDriverException;

/** Hands out pairs of ports on loopback from a block, each to one VM at a time. */
final class PortPool {
    private static final int BLOCK = 2000;

    private final int base;
    private final IntPredicate free;

    /** Ports from {@code base} up; {@code free} tells whether a port can be bound now. */
    PortPool(int base, IntPredicate free) {
        this.base = base;
        this.free = free;
    }

    /** The two ports of a VM. */
    record Pair(int discovery, int communication) {}

    /** The first pair that no VM has and that can be bound now. */
    Pair next(Collection<Pair> taken) {
        Set<Integer> used = new HashSet<>();
        taken.forEach(pair -> {
            used.add(pair.discovery());
            used.add(pair.communication());
        });
        for (int port = base; port + 1 < Math.min(base + BLOCK, 65_535); port += 2) {
            Pair pair = new Pair(port, port + 1);
            if (!used.contains(port) && !used.contains(port + 1) && isFree(pair)) {
                return pair;
            }
        }
        throw new VmDriverException(
                VmDriverException.Kind.FAILED, "no two free ports from " + base + " to " + (base + BLOCK));
    }

    boolean isFree(Pair pair) {
        return free.test(pair.discovery()) && free.test(pair.communication());
    }

    /** Whether the port can be bound on loopback now. */
    static boolean bindable(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // as Ignite does; remains of closed connections are no hindrance
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
