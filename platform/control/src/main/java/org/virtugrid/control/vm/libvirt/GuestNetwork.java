package org.virtugrid.control.vm.libvirt;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.virtugrid.grid.fault.GridException;

/**
 * The network of guests and control.
 *
 * @param address control's own IPv4 address in it
 * @param prefix length of its network mask
 * @param guests first and last address for guests, {@code A-B}
 * @param gateway guests' way out, or null for none
 * @param isolation whether guests reach the grid alone
 * @param allow whom else they may reach, see {@link AllowedPeer}
 */
public record GuestNetwork(
        String address, int prefix, String guests, String gateway, Isolation isolation, List<String> allow) {
    private static final int BYTE = 256;

    /** Whether guests reach nobody but the grid and whom {@code allow} names. */
    public enum Isolation {
        /** They reach whatever their bridge leads to. */
        OFF,
        /** Where their host can do that. */
        PREFERRED,
        /** Or they are not started. */
        REQUIRED;

        /** As users write it. */
        @JsonCreator
        static Isolation of(String word) {
            try {
                return valueOf(String.valueOf(word).toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw GridException.invalid(
                        "network.isolation",
                        "network.isolation is '" + word + "'",
                        "give off (in quotes), preferred or required");
            }
        }
    }

    /** A network with isolation where it can be had. */
    GuestNetwork(String address, int prefix, String guests, String gateway) {
        this(address, prefix, guests, gateway, null, null);
    }

    /** Fails with INVALID that names the field. */
    public GuestNetwork {
        isolation = isolation == null ? Isolation.PREFERRED : isolation;
        allow = allow == null ? List.of() : List.copyOf(allow);
        allow.forEach(AllowedPeer::parse);
        require(number(address).isPresent(), "network.address", address, "give an IPv4 address");
        require(prefix >= 8 && prefix <= 30, "network.prefix", String.valueOf(prefix), "give a number from 8 to 30");
        require(gateway == null || number(gateway).isPresent(), "network.gateway", gateway, "give an IPv4 address");
        String[] ends = guests == null ? new String[0] : guests.split("-", -1);
        boolean range = ends.length == 2
                && number(ends[0]).isPresent()
                && number(ends[1]).isPresent()
                && number(ends[0]).get() <= number(ends[1]).get();
        require(range, "network.guests", guests, "give the first and the last address, as in 10.77.0.10-10.77.0.250");
        int bits = 32 - prefix;
        boolean inside = number(ends[0]).get() >> bits == number(address).get() >> bits
                && number(ends[1]).get() >> bits == number(address).get() >> bits;
        require(inside, "network.guests", guests, "give addresses of the network of " + address + "/" + prefix);
        long network = number(address).get() >> bits << bits;
        long broadcast = network + (1L << bits) - 1;
        require(
                number(ends[0]).get() > network && number(ends[1]).get() < broadcast,
                "network.guests",
                guests,
                "leave out " + text(network) + " and " + text(broadcast)
                        + ", which no machine of the network may have");
    }

    /** Whom guests may talk to beside the grid. */
    List<AllowedPeer> allowed() {
        return allow.stream().map(AllowedPeer::parse).toList();
    }

    /** Whether the text is an IPv4 address. */
    static boolean isAddress(String text) {
        return number(text).isPresent();
    }

    /** The lowest address for guests that is not among these; empty when all are taken. */
    Optional<String> free(Collection<String> taken) {
        Set<String> used = Set.copyOf(taken);
        String[] ends = guests.split("-", -1);
        for (long n = number(ends[0]).orElseThrow(); n <= number(ends[1]).orElseThrow(); n++) {
            String candidate = text(n);
            if (!used.contains(candidate) && !candidate.equals(address) && !candidate.equals(gateway)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    private static String text(long n) {
        return (n >> 24) + "." + (n >> 16 & 255) + "." + (n >> 8 & 255) + "." + (n & 255);
    }

    private static Optional<Long> number(String text) {
        String[] parts = text == null ? new String[0] : text.split("\\.", -1);
        if (parts.length != 4) {
            return Optional.empty();
        }
        long n = 0;
        for (String part : parts) {
            if (!part.matches("[0-9]{1,3}") || Integer.parseInt(part) >= BYTE) {
                return Optional.empty();
            }
            n = n * BYTE + Integer.parseInt(part);
        }
        return Optional.of(n);
    }

    private static void require(boolean fine, String field, String value, String fix) {
        if (!fine) {
            throw GridException.invalid(field, field + " is '" + value + "'", fix);
        }
    }
}
