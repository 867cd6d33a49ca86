package org.virtugrid.control.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;
import org.virtugrid.control.rest.problem.ProblemWriter;
import org.virtugrid.control.rest.problem.Problems;

/**
 * Recognises the admin by the bearer token, or by the page's session cookie. The cookie counts for the page and what it
 * calls, and for changes only from the page itself; never for {@code /ignite}, where a GET can change data.
 */
final class TokenFilter extends OncePerRequestFilter {
    private static final Logger LOG = LoggerFactory.getLogger(TokenFilter.class);
    private static final String SCHEME = "Bearer ";
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    private final AdminToken token;
    private final FailureLimit failures;

    TokenFilter(AdminToken token, FailureLimit failures) {
        this.token = token;
        this.failures = failures;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String header = request.getHeader("Authorization");
        if (header != null) {
            if (isBearer(header)) {
                admit();
            } else if (failures.exceeded()) {
                LOG.warn("too many requests with a wrong token, the last from {}", request.getRemoteAddr());
                ProblemWriter.write(request, response, tooMany());
                return;
            }
        } else if (hasSession(request)) {
            if (!READING.contains(request.getMethod()) && !isFromOurPage(request)) {
                ProblemWriter.write(
                        request,
                        response,
                        Problems.forbidden(
                                "a session of the page may change things only from the page",
                                "send 'Authorization: Bearer TOKEN'"));
                return;
            }
            admit();
        }
        chain.doFilter(request, response);
    }

    private boolean isBearer(String header) {
        return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && token.matches(header.substring(SCHEME.length()).strip());
    }

    private boolean hasSession(HttpServletRequest request) {
        if (request.getCookies() == null || request.getRequestURI().startsWith("/ignite")) {
            return false;
        }
        for (Cookie cookie : request.getCookies()) {
            if (cookie.getName().equals(SessionCookie.name(request)) && token.isSession(cookie.getValue())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isFromOurPage(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            return site.equals("same-origin");
        }
        return ("http://" + request.getHeader("Host")).equals(request.getHeader("Origin"));
    }

    private static void admit() {
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(UsernamePasswordAuthenticationToken.authenticated(
                "admin", null, AuthorityUtils.createAuthorityList("ROLE_ADMIN")));
        SecurityContextHolder.setContext(context);
    }

    static org.virtugrid.api.Problem tooMany() {
        return Problems.of(
                "too-many-failures",
                HttpStatus.TOO_MANY_REQUESTS,
                "there were too many wrong tokens",
                null,
                "wait a minute, and use the content of the file 'token' in the home");
    }
}
