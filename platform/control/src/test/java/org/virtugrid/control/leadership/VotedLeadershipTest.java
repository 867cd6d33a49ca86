package org.virtugrid.control.leadership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.virtugrid.control.FreePorts;
import org.virtugrid.control.authority.NodeAuthority;
import org.virtugrid.control.coordinator.ControlNodes;
import org.virtugrid.control.coordinator.ShutdownReport.Outcome;
import org.virtugrid.control.home.ControlSettings;
import org.virtugrid.grid.fault.GridException;

/** Three in one process, over real connections. */
class VotedLeadershipTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String SECRET = "a secret that only control nodes of this test have";

    @TempDir
    Path folder;

    private final Map<String, VotedLeadership> running = new TreeMap<>();
    private final AtomicInteger stopped = new AtomicInteger();
    private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
    private ControlSettings control;
    private boolean keys;

    @BeforeEach
    void choosePorts() {
        List<ControlSettings.Node> nodes = new ArrayList<>();
        List<Integer> ports = FreePorts.take(3);
        for (int i = 1; i <= 3; i++) {
            nodes.add(new ControlSettings.Node("control-" + i, "127.0.0.1:" + i, "127.0.0.1:" + ports.get(i - 1)));
        }
        control = new ControlSettings(nodes, null);
    }

    @AfterEach
    void close() {
        running.values().forEach(VotedLeadership::close);
    }

    private VotedLeadership start(int number, String secret) {
        String id = "control-" + number;
        NodeAuthority authority = new NodeAuthority(folder.resolve("authority"), Clock.systemUTC());
        VotedLeadership leadership = new VotedLeadership(new VotedLeadership.Setting(
                control,
                id,
                "http://127.0.0.1:300" + number,
                keys ? authority.folderOf(id) : null,
                secret,
                folder.resolve("ballot-" + number),
                outcome -> {
                    outcomes.add(outcome);
                    stopped.incrementAndGet();
                }));
        running.put(id, leadership);
        return leadership;
    }

    private void startAll() {
        for (int number = 1; number <= 3; number++) {
            start(number, SECRET);
        }
    }

    private VotedLeadership awaitLeader() {
        await().atMost(SOON)
                .until(() -> running.values().stream()
                                .filter(one -> one.term().isPresent())
                                .count()
                        == 1);
        return running.values().stream()
                .filter(one -> one.term().isPresent())
                .findFirst()
                .orElseThrow();
    }

    private String idOf(VotedLeadership leadership) {
        return running.entrySet().stream()
                .filter(entry -> entry.getValue().equals(leadership))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void one_leads_all_know_it_and_its_successor_leads_in_a_newer_term() {
        startAll();
        VotedLeadership first = awaitLeader();
        String firstId = idOf(first);
        long term = first.term().orElseThrow();

        await("on a busy machine the others' answers may take longer than it waits for them")
                .atMost(SOON)
                .until(() -> first.holds(term));
        assertThat(first.holds(term + 1)).isFalse();
        await().atMost(SOON).untilAsserted(() -> running.values()
                .forEach(one ->
                        assertThat(one.leader()).map(ControlNodes.Seen::id).contains(firstId)));
        await().atMost(SOON).untilAsserted(() -> assertThat(first.all())
                .extracting(ControlNodes.Seen::url)
                .containsExactly("http://127.0.0.1:3001", "http://127.0.0.1:3002", "http://127.0.0.1:3003"));

        first.close();
        running.remove(firstId);

        assertThat(first.term()).isEmpty();
        assertThat(first.holds(term)).isFalse();
        VotedLeadership second = awaitLeader();
        assertThat(second.term().orElseThrow()).isGreaterThan(term);
    }

    @Test
    void who_has_another_secret_has_no_vote() {
        start(1, SECRET);
        VotedLeadership stranger = start(2, "another secret, which is as long as the right one");

        await().during(Duration.ofSeconds(8)).atMost(SOON).until(() -> running.values().stream()
                .allMatch(one -> one.term().isEmpty()));

        stranger.close();
        running.remove("control-2");
        start(2, SECRET);
        awaitLeader();
    }

    @Test
    void with_keys_votes_go_over_mutual_tls() {
        keys = true;
        startAll();

        VotedLeadership leader = awaitLeader();

        await("on a busy machine a round of handshakes may take longer than it waits for the others")
                .atMost(SOON)
                .until(() -> leader.holds(leader.term().orElse(0)));
    }

    @Test
    void the_leader_can_end_the_others() {
        startAll();

        awaitLeader().stopOthers(Outcome.DESTROYED);

        await().atMost(SOON).until(() -> stopped.get() == 2);
        assertThat(outcomes).containsExactly(Outcome.DESTROYED, Outcome.DESTROYED);
    }

    @Test
    void a_ballot_that_cannot_be_understood_is_no_reason_to_vote_twice() throws IOException {
        Files.write(folder.resolve("ballot-1"), "what?".getBytes(StandardCharsets.US_ASCII));

        assertThatThrownBy(() -> start(1, SECRET))
                .isInstanceOf(GridException.class)
                .hasMessageContaining("nobody knows whom");
    }
}
