package org.virtugrid.control.security;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.springframework.http.ResponseCookie;

/** The page's cookie. Cookies know no ports, so its name does: several homes live side by side. */
final class SessionCookie {
    private SessionCookie() {}

    static String name(HttpServletRequest request) {
        return "virtugrid-" + request.getLocalPort();
    }

    static String header(HttpServletRequest request, String value, Duration age) {
        return ResponseCookie.from(name(request), value)
                .httpOnly(true)
                .sameSite("Strict")
                .path("/")
                .maxAge(age)
                .build()
                .toString();
    }
}
