package org.virtugrid.control.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;

/** What a browser without a session gets: one form, no script. */
final class LoginPage {
    private static final String STYLE =
            """
            :root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}\
            body{max-width:26rem;margin:15vh auto;padding:0 1rem}\
            input,button{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;margin:.3rem 0}\
            """;
    private static final String POLICY = "default-src 'none'; style-src 'sha256-" + sha256(STYLE)
            + "'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private LoginPage() {}

    static void write(HttpServletResponse response, String message) throws IOException {
        response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
        response.setHeader("Content-Security-Policy", POLICY);
        response.setContentType("text/html;charset=utf-8");
        response.getOutputStream()
                .write(
                        """
                        <!doctype html><html lang="en"><head><meta charset="utf-8">
                        <meta name="viewport" content="width=device-width,initial-scale=1">
                        <title>VirtuGrid</title><style>%s</style></head><body><h1>VirtuGrid</h1><p>%s</p>
                        <form method="post" action="/api/session">
                        <label for="token">Admin token</label>
                        <input id="token" name="token" type="password" autocomplete="off" required autofocus>
                        <button>Sign in</button></form></body></html>
                        """
                                .formatted(STYLE, message)
                                .getBytes(UTF_8));
    }

    private static String sha256(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
