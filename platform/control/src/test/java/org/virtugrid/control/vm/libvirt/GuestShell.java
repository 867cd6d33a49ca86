package org.virtugrid.control.vm.libvirt;

import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs commands inside a guest of a lab, as root, through its guest agent. */
final class GuestShell {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration BOOT = Duration.ofMinutes(1);

    private final Lab lab;
    private final String host;
    private final String domain;

    GuestShell(Lab lab, String host, String domain) {
        this.lab = lab;
        this.host = host;
        this.domain = domain;
    }

    /** What came of a command; its signal is null when it ended by itself. */
    record Result(Integer exitCode, Integer signal, String out) {}

    /** Waits until the guest has booted. */
    GuestShell awaitBoot() {
        await().atMost(BOOT).ignoreExceptions().until(() -> agent(Map.of("execute", "guest-ping"))
                .has("return"));
        return this;
    }

    /** Runs a line of the guest's shell, and waits for its end. */
    Result run(String line) {
        int pid = begin(line);
        // While the guest has no memory left its agent does not answer
        JsonNode status = await().atMost(Duration.ofSeconds(90))
                .ignoreExceptions()
                .until(
                        () -> agent(Map.of("execute", "guest-exec-status", "arguments", Map.of("pid", pid)))
                                .path("return"),
                        one -> one.path("exited").asBoolean(false));
        return new Result(
                status.has("exitcode") ? status.path("exitcode").asInt() : null,
                status.has("signal") ? status.path("signal").asInt() : null,
                text(status, "out-data") + text(status, "err-data"));
    }

    /** Begins it and goes on; returns its process id in the guest. */
    int begin(String line) {
        return agent(Map.of(
                        "execute",
                        "guest-exec",
                        "arguments",
                        Map.of("path", "/bin/sh", "arg", List.of("-c", line), "capture-output", true)))
                .at("/return/pid")
                .asInt();
    }

    private static String text(JsonNode status, String field) {
        return new String(Base64.getDecoder().decode(status.path(field).asString("")), StandardCharsets.UTF_8);
    }

    private JsonNode agent(Map<String, ?> command) {
        return JSON.readTree(
                lab.virsh(host, "qemu-agent-command", "--timeout", "5", domain, JSON.writeValueAsString(command)));
    }
}
