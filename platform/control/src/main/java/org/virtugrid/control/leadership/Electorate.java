package org.virtugrid.control.leadership;

import java.io.IOException;
import java.net.Socket;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.home.ControlSettings;

/** All voters, this process's own among them, as somebody to ask. Safe for use by several threads. */
final class Electorate {
    private static final Logger LOG = LoggerFactory.getLogger(Electorate.class);
    /** Beyond a majority the others' answers tell who is there. */
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final String self;
    private final List<ControlSettings.Node> others;
    private final VoteSockets sockets;
    private final VoteWire wire;
    private final Function<Ask, Answer> ownVoter;
    private final ExecutorService threads;
    private final long patienceNanos;

    Electorate(
            String self,
            ControlSettings control,
            VoteSockets sockets,
            VoteWire wire,
            Function<Ask, Answer> ownVoter,
            ExecutorService threads,
            long patienceNanos) {
        this.self = self;
        this.others =
                control.nodes().stream().filter(node -> !node.id().equals(self)).toList();
        this.sockets = sockets;
        this.wire = wire;
        this.ownVoter = ownVoter;
        this.threads = threads;
        this.patienceNanos = patienceNanos;
    }

    /**
     * Asks all, and returns with what has been answered when that is enough, or the time is up. Each voter's answer is there
     * once at most.
     *
     * @param hurry returns at once when it is enough; else those who answer quickly are heard, too
     */
    Collection<Answer> ask(Ask ask, Predicate<Collection<Answer>> enough, boolean hurry) {
        long end = System.nanoTime() + patienceNanos;
        Map<String, Answer> answers = new LinkedHashMap<>();
        CompletionService<Answer> asked = new ExecutorCompletionService<>(threads);
        others.forEach(node -> asked.submit(() -> ask(node, ask, end)));
        own(ask).ifPresent(answer -> answers.put(self, answer));
        long deadline = end;
        boolean isEnough = false;
        try {
            for (int open = others.size(); open > 0; open--) {
                if (!isEnough && enough.test(answers.values())) {
                    isEnough = true;
                    deadline = Math.min(end, System.nanoTime() + (hurry ? 0 : REST_NANOS));
                }
                Future<Answer> next = asked.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (next == null) {
                    break;
                }
                heard(next).ifPresent(answer -> answers.put(answer.node(), answer));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return answers.values();
    }

    /** A vote that cannot be kept, because the disk is full, is none. */
    private Optional<Answer> own(Ask ask) {
        try {
            return Optional.of(ownVoter.apply(ask));
        } catch (RuntimeException e) {
            LOG.warn("This control node's own vote is missing: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<Answer> heard(Future<Answer> answer) throws InterruptedException {
        try {
            return Optional.of(answer.get());
        } catch (ExecutionException e) {
            LOG.debug("No vote: {}", String.valueOf(e.getCause()));
            return Optional.empty();
        }
    }

    private Answer ask(ControlSettings.Node node, Ask ask, long end) throws IOException {
        int millis = (int) Math.max(1, (end - System.nanoTime()) / 1_000_000);
        try (Socket socket = sockets.connect(node.votes(), millis)) {
            Answer answer = wire.ask(socket, ask, end);
            if (!node.id().equals(answer.node())) {
                throw new IOException(node.votes() + " is " + answer.node() + ", not " + node.id());
            }
            return answer;
        }
    }
}
