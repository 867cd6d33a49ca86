package org.virtugrid.control.rest;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.HandlerInterceptor;
import org.virtugrid.control.coordinator.ControlNodes;
import org.virtugrid.control.coordinator.Platform;
import org.virtugrid.control.rest.problem.ProblemException;
import org.virtugrid.control.rest.problem.Problems;

/**
 * Sends what changes the platform to the control node that leads. Data and work are every control node's to take, as they
 * lie on workers; but not of one that knows of no leader, since it may be cut off from the others.
 */
final class LeaderGate implements HandlerInterceptor {
    /** Where the leader's REST is. */
    static final String LEADER = "VirtuGrid-Leader";

    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    private final Platform platform;
    private final boolean data;

    /** For paths of data and work, or for all others. */
    LeaderGate(Platform platform, boolean data) {
        this.platform = platform;
        this.data = data;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        ControlNodes nodes = platform.controlNodes();
        if (READS.contains(request.getMethod()) || nodes.leading()) {
            return true;
        }
        Optional<ControlNodes.Seen> leader = nodes.leader();
        if (leader.isPresent() && data) {
            return true;
        }
        String url = leader.map(ControlNodes.Seen::url).orElse(null);
        throw new ProblemException(
                Problems.of(
                        "not-leader",
                        HttpStatus.SERVICE_UNAVAILABLE,
                        leader.map(node -> "control node " + node.id() + " leads, and this one changes nothing")
                                .orElse("no control node leads: a majority of the "
                                        + nodes.all().size() + " control nodes cannot be reached from here"),
                        null,
                        url == null ? "try again in some seconds" : "ask " + url),
                url == null ? null : LEADER,
                url);
    }
}
