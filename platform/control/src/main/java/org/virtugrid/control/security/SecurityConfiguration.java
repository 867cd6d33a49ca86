package org.virtugrid.control.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.virtugrid.control.rest.problem.ProblemWriter;
import org.virtugrid.control.rest.problem.Problems;

/** Everything wants the token but {@code GET /api/health} and the exchange of the token for a session. */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
@Import(SessionController.class)
public class SecurityConfiguration {
    private static final String CONTENT_POLICY =
            "default-src 'self'; frame-ancestors 'none'; base-uri 'none';" + " form-action 'self'; object-src 'none'";

    @Bean
    AdminToken adminToken(SecuritySettings settings) {
        return AdminToken.read(settings.tokenFile(), Clock.systemUTC());
    }

    @Bean
    FailureLimit failureLimit() {
        return new FailureLimit(Clock.systemUTC());
    }

    @Bean
    SecurityFilterChain filters(HttpSecurity http, AdminToken token, FailureLimit failures) {
        return http.sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                // the session cookie is checked for its origin by TokenFilter; a bearer token cannot be forged by a
                // page
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT_POLICY))
                        .frameOptions(frame -> frame.deny())
                        .referrerPolicy(referrer -> {}))
                .authorizeHttpRequests(requests -> requests.requestMatchers(HttpMethod.GET, "/api/health")
                        .permitAll()
                        .requestMatchers(HttpMethod.POST, "/api/session")
                        .permitAll()
                        .anyRequest()
                        .hasRole("ADMIN"))
                .exceptionHandling(errors -> errors.authenticationEntryPoint(SecurityConfiguration::askForToken))
                .addFilterAfter(new HostFilter(), HeaderWriterFilter.class)
                .addFilterBefore(new TokenFilter(token, failures), AnonymousAuthenticationFilter.class)
                .addFilterAfter(new BodyLimitFilter(), AuthorizationFilter.class)
                .build();
    }

    private static void askForToken(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException {
        response.setHeader("WWW-Authenticate", "Bearer realm=\"virtugrid\"");
        boolean page =
                request.getRequestURI().equals("/") && request.getMethod().equals("GET");
        if (page) {
            LoginPage.write(response, "Sign in with the content of the file 'token' in the home.");
        } else {
            ProblemWriter.write(request, response, Problems.unauthorized());
        }
    }
}
