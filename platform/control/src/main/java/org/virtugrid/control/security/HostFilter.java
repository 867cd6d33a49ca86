package org.virtugrid.control.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;
import org.virtugrid.control.rest.problem.ProblemWriter;
import org.virtugrid.control.rest.problem.Problems;

/**
 * Answers only requests that name this machine's loopback address as their host, so that a web page elsewhere cannot
 * reach the port under a name of its own (DNS rebinding).
 */
final class HostFilter extends OncePerRequestFilter {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isOurs(request.getHeader("Host"), request.getLocalPort())) {
            chain.doFilter(request, response);
        } else {
            ProblemWriter.write(
                    request,
                    response,
                    Problems.invalid(
                            HttpStatus.MISDIRECTED_REQUEST,
                            "the Host header does not name this server",
                            "use http://127.0.0.1:" + request.getLocalPort()));
        }
    }

    static boolean isOurs(String host, int port) {
        if (host == null) {
            return false;
        }
        String name = host.toLowerCase(Locale.ROOT);
        int colon = name.lastIndexOf(':');
        boolean hasPort = colon > name.lastIndexOf(']');
        String portText = hasPort ? name.substring(colon + 1) : "80";
        return LOOPBACK.contains(hasPort ? name.substring(0, colon) : name) && portText.equals(Integer.toString(port));
    }
}
