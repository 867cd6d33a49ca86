package org.virtugrid.control.security;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.virtugrid.control.rest.problem.ProblemException;
import org.virtugrid.control.rest.problem.Problems;

/** The page's session: the token is exchanged for a cookie that scripts cannot read. */
@RestController
@RequestMapping("/api/session")
@Tag(name = "Session")
public class SessionController {
    private final AdminToken token;
    private final FailureLimit failures;

    SessionController(AdminToken token, FailureLimit failures) {
        this.token = token;
        this.failures = failures;
    }

    /** The admin token. */
    public record SignIn(String token) {}

    @Operation(summary = "Exchange the token for a session cookie (204)")
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    void signIn(@RequestBody SignIn request, HttpServletRequest http, HttpServletResponse response) {
        if (!isRight(request.token())) {
            throw new ProblemException(Problems.unauthorized());
        }
        open(http, response);
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }

    @Operation(hidden = true)
    @PostMapping(consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
    void signInByForm(HttpServletRequest http, HttpServletResponse response) throws IOException {
        if (http.getQueryString() == null && isRight(http.getParameter("token"))) {
            open(http, response);
            response.setStatus(HttpServletResponse.SC_SEE_OTHER);
            response.setHeader(HttpHeaders.LOCATION, "/");
        } else {
            LoginPage.write(response, "That is not the token. It is the content of the file 'token' in the home.");
        }
    }

    @Operation(summary = "Forget the session cookie")
    @DeleteMapping
    void signOut(HttpServletRequest http, HttpServletResponse response) {
        response.addHeader(HttpHeaders.SET_COOKIE, SessionCookie.header(http, "", Duration.ZERO));
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }

    private boolean isRight(String candidate) {
        if (candidate != null && token.matches(candidate.strip())) {
            return true;
        }
        if (failures.exceeded()) {
            throw new ProblemException(TokenFilter.tooMany());
        }
        return false;
    }

    private void open(HttpServletRequest http, HttpServletResponse response) {
        response.addHeader(HttpHeaders.SET_COOKIE, SessionCookie.header(http, token.newSession(), AdminToken.SESSION));
    }
}
