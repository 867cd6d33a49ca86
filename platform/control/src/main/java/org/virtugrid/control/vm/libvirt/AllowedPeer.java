package org.virtugrid.control.vm.libvirt;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.virtugrid.grid.fault.GridException;

/**
 * Somebody whom guests may talk to beside the grid.
 *
 * @param address IPv4 address, of a host or the first of a network
 * @param prefix length of the network mask, 32 for one host
 * @param port null for all of TCP, UDP and the rest
 * @param protocol tcp or udp, null without a port
 */
record AllowedPeer(String address, int prefix, Integer port, String protocol) {
    private static final Pattern FORM =
            Pattern.compile("([0-9.]{7,15})(?:/([0-9]{1,2}))?(?::([0-9]{1,5})(?:/(tcp|udp))?)?");
    private static final int WHOLE = 32;
    private static final int LAST_PORT = 65_535;

    /** Reads ADDRESS[/PREFIX][:PORT[/tcp|udp]]; fails with INVALID that names the field. */
    static AllowedPeer parse(String text) {
        Matcher form = FORM.matcher(String.valueOf(text));
        Optional<AllowedPeer> read = form.matches() ? of(form) : Optional.empty();
        return read.orElseThrow(() -> GridException.invalid(
                "network.allow",
                "network.allow has '" + text + "'",
                "give ADDRESS[/PREFIX][:PORT[/tcp or /udp]], as in 10.0.0.0/8:443 or 10.0.0.53:53/udp"));
    }

    private static Optional<AllowedPeer> of(Matcher form) {
        int prefix = form.group(2) == null ? WHOLE : Integer.parseInt(form.group(2));
        Integer port = form.group(3) == null ? null : Integer.valueOf(form.group(3));
        String protocol = port == null ? null : form.group(4) == null ? "tcp" : form.group(4);
        boolean fine = GuestNetwork.isAddress(form.group(1))
                && prefix >= 1
                && prefix <= WHOLE
                && (port == null || (port >= 1 && port <= LAST_PORT));
        return fine ? Optional.of(new AllowedPeer(form.group(1), prefix, port, protocol)) : Optional.empty();
    }
}
