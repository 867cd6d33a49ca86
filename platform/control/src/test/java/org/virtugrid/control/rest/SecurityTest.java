package org.virtugrid.control.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

class SecurityTest {
    private static TestServer server;

    @BeforeAll
    static void start(@TempDir Path home) throws IOException {
        server = TestServer.start(home);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void everyMappingButHealthWantsTheToken() throws IOException {
        List<String> open = new ArrayList<>();
        int mappings = 0;
        for (RequestMappingHandlerMapping mapping : server.context()
                .getBeansOfType(RequestMappingHandlerMapping.class)
                .values()) {
            for (var info : mapping.getHandlerMethods().keySet()) {
                var methods = info.getMethodsCondition().getMethods();
                for (RequestMethod method : methods.isEmpty() ? List.of(RequestMethod.GET) : methods) {
                    for (String pattern : info.getPatternValues()) {
                        mappings++;
                        String path = pattern.replaceAll("\\{[^}]*}", "x");
                        for (String header : List.of("", "Bearer wrong", "Basic " + TestServer.TOKEN)) {
                            int status = status(method.name(), path, header);
                            if (status != 401) {
                                open.add(method + " " + path + " → " + status);
                            }
                        }
                    }
                }
            }
        }
        assertThat(mappings).isGreaterThan(30);
        // no credentials at all in the body of the exchange is unreadable rather than unauthorised
        assertThat(open).allMatch(call -> call.startsWith("GET /api/health →") || call.startsWith("POST /api/session"));
    }

    private static int status(String method, String path, String authorization) throws IOException {
        HttpRequest.Builder request = server.anonymous(path).method(method, HttpRequest.BodyPublishers.noBody());
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return server.send(request).statusCode();
    }

    @Test
    void pageAndUnknownPathsWantTheTokenToo() throws IOException {
        for (String path : List.of("/page/index.html", "/page/app.js", "/nothing", "/api", "/error", "/actuator")) {
            assertThat(status("GET", path, "")).as(path).isEqualTo(401);
        }
        assertThat(server.send(server.anonymous("/api/health")).body())
                .isEqualTo("{\"status\":\"UP\",\"state\":\"READY\"}");
    }

    @Test
    void aBrowserSignsInWithTheFormAndGetsThePage() throws IOException {
        HttpResponse<String> login = server.send(server.anonymous("/"));
        assertThat(login.statusCode()).isEqualTo(401);
        assertThat(login.body()).contains("<form").doesNotContain("<script");

        HttpResponse<String> wrong = signIn("wrong");
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.headers().firstValue("Set-Cookie")).isEmpty();

        HttpResponse<String> right = signIn(TestServer.TOKEN);
        assertThat(right.statusCode()).isEqualTo(303);
        String cookie = right.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie).contains("HttpOnly", "SameSite=Strict").doesNotContain(TestServer.TOKEN);
        String session = cookie.substring(0, cookie.indexOf(';'));

        HttpResponse<String> page = server.send(server.anonymous("/").header("Cookie", session));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("VirtuGrid");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'self'");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(page.headers().firstValue("X-Frame-Options")).hasValue("DENY");
        assertThat(page.headers().firstValue("Cache-Control").orElseThrow()).contains("no-store");
        assertThat(server.send(server.anonymous("/api/vms").header("Cookie", session))
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.send(server.anonymous("/ignite?cmd=version").header("Cookie", session))
                        .statusCode())
                .isEqualTo(401);
        assertThat(server.send(server.anonymous("/api/vms").header("Cookie", session + "x"))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void aSessionChangesThingsOnlyFromOurOwnPage() throws IOException {
        String cookie =
                signIn(TestServer.TOKEN).headers().firstValue("Set-Cookie").orElseThrow();
        String session = cookie.substring(0, cookie.indexOf(';'));
        HttpRequest.Builder bare = server.anonymous("/api/tasks/none/cancel")
                .header("Cookie", session)
                .POST(HttpRequest.BodyPublishers.noBody());
        assertThat(server.send(bare.copy()).statusCode()).isEqualTo(403);
        assertThat(server.send(bare.copy().header("Origin", "http://evil.example"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(server.send(bare.copy().header("Sec-Fetch-Site", "cross-site"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(server.send(bare.copy().header("Origin", "http://127.0.0.1:" + server.port()))
                        .statusCode())
                .isEqualTo(404);
        assertThat(server.send(bare.copy().header("Sec-Fetch-Site", "same-origin"))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void onlyOurOwnHostNamesAreAnswered() throws IOException {
        String ours = "127.0.0.1:" + server.port();
        assertThat(raw("GET /api/health HTTP/1.1\r\nHost: " + ours + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
        assertThat(raw("GET /api/health HTTP/1.1\r\nHost: localhost:" + server.port()
                        + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
        for (String host : List.of("evil.example", "evil.example:" + server.port(), "127.0.0.1:1", "127.0.0.1")) {
            assertThat(raw("GET /api/health HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                    .as(host)
                    .startsWith("HTTP/1.1 421")
                    .contains("application/problem+json");
        }
    }

    @Test
    void whatTheServerItselfRefusesIsAProblemToo() throws IOException {
        String ours = "127.0.0.1:" + server.port();
        assertThat(raw("GET /api/vms/..%2f..%2fetc HTTP/1.1\r\nHost: " + ours + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json")
                .doesNotContain("Tomcat");
        assertThat(raw("GET / HTTP/1.1\r\nHost: " + ours + "\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 4")
                .doesNotContain("Tomcat");
    }

    @Test
    void theServerListensOnLoopbackOnly() {
        var tomcat = (TomcatWebServer) server.context().getWebServer();
        assertThat(tomcat.getTomcat().getConnector().getProperty("address"))
                .isInstanceOfSatisfying(InetAddress.class, address -> assertThat(address.isLoopbackAddress())
                        .isTrue());
    }

    private static HttpResponse<String> signIn(String token) throws IOException {
        return server.send(server.anonymous("/api/session")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("token=" + token)));
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
