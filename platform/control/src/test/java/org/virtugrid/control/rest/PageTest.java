package org.virtugrid.control.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {
    private static final Pattern REFERENCE =
            Pattern.compile("(?:src|href)=\"([^\"]+)\"|from '([^']+)'|import '([^']+)'");

    @Test
    void everythingThePageNamesIsThereAndOurOwn(@TempDir Path home) throws IOException {
        try (TestServer server = TestServer.start(home)) {
            Set<String> seen = new TreeSet<>();
            Deque<String> open = new ArrayDeque<>(Set.of("/"));
            while (!open.isEmpty()) {
                String path = open.pop();
                if (!seen.add(path)) {
                    continue;
                }
                HttpResponse<String> response = server.get(path);
                assertThat(response.statusCode()).as(path).isEqualTo(200);
                String type = response.headers().firstValue("Content-Type").orElseThrow();
                assertThat(type)
                        .as(path)
                        .matches(
                                path.endsWith(".js")
                                        ? "text/javascript.*"
                                        : path.endsWith(".css") ? "text/css.*" : "text/html.*");
                assertThat(response.body()).as(path).doesNotContain("innerHTML", "http://", "https://");
                REFERENCE
                        .matcher(response.body())
                        .results()
                        .map(PageTest::target)
                        .forEach(target -> open.add(
                                Path.of(path).resolveSibling(target).normalize().toString()));
            }
            assertThat(seen).contains("/page/views/dom.js", "/page/style.css").hasSizeGreaterThan(10);
        }
    }

    private static String target(MatchResult match) {
        for (int group = 1; group <= match.groupCount(); group++) {
            if (match.group(group) != null) {
                return match.group(group);
            }
        }
        throw new IllegalStateException();
    }
}
