package org.virtugrid.control.leadership;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/**
 * Control nodes with the real rules of voters and candidates, and a made-up world around them: messages take their time, are
 * lost or come twice, clocks run at different speeds, and nodes die, freeze and are cut off. After every step it checks that
 * at most one of them believes that it leads, and that nobody leads in a term in which another one has led.
 */
final class SimulatedControl {
    static final long MILLIS = 1_000_000;
    private static final long TICK = 20 * MILLIS;

    private final Random random;
    private final List<Node> nodes = new ArrayList<>();
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Set<Integer> cutOff = new HashSet<>();
    private final Map<Long, String> leaderOfTerm = new HashMap<>();
    private double lossRate;
    private long trueTime;
    private long sequence;
    private long newestLedTerm;

    private record Event(long at, long number, Node node, String life, Runnable work) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
        }
    }

    private final class Node {
        private final int number;
        private final double speed;
        private final long offset;
        private Ballot onDisk = Ballot.NONE;
        private int lives;
        private String life = "";
        private boolean up;
        private boolean frozen;
        private Voter voter;
        private Candidate candidate;
        private Candidate.Round round;
        private final Map<Integer, Answer> answers = new LinkedHashMap<>();
        private final List<Event> whileFrozen = new ArrayList<>();

        Node(int number) {
            this.number = number;
            this.speed = 1 + (random.nextDouble() - 0.5) / 50;
            this.offset = random.nextLong();
        }

        /** Any origin, an overflow included, and up to one percent too fast or too slow. */
        long now() {
            return offset + (long) (trueTime * speed);
        }

        void start() {
            lives++;
            life = "control-" + number + "/" + lives;
            up = true;
            frozen = false;
            round = null;
            answers.clear();
            voter = new Voter(onDisk, now(), LeaseTiming.STANDARD, ballot -> onDisk = ballot);
            candidate = new Candidate(nodes.size(), onDisk.term(), now(), LeaseTiming.STANDARD, random);
            at(0, this, this::tick);
        }

        private void tick() {
            at(TICK, this, this::tick);
            boolean promised = voter.promise(now())
                    .filter(promise -> !promise.life().equals(life))
                    .isPresent();
            if (round == null) {
                candidate.due(now(), promised).ifPresent(this::begin);
            }
        }

        private void begin(Candidate.Round begun) {
            round = begun;
            answers.clear();
            send(new Ask(begun.kind(), "group", "control-" + number, life, begun.term(), ""), begun);
            at(LeaseTiming.STANDARD.patience().toNanos(), this, () -> {
                if (begun.equals(round)) {
                    conclude();
                }
            });
        }

        private void send(Ask ask, Candidate.Round of) {
            for (Node other : nodes) {
                for (long delay : delays(other)) {
                    at(delay, other, () -> {
                        boolean granted = other.voter.answer(ask, other.now());
                        Answer answer = new Answer("control-" + other.number, "", granted, other.voter.term());
                        for (long back : other.delays(this)) {
                            at(back, this, () -> answered(of, other, answer));
                        }
                    });
                }
            }
        }

        private void answered(Candidate.Round of, Node voter, Answer answer) {
            if (of != null && of.equals(round)) {
                answers.put(voter.number, answer);
                if (candidate.majority(answers.values()) || answers.size() == nodes.size()) {
                    conclude();
                }
            }
        }

        private void conclude() {
            OptionalLong released = candidate.conclude(round, answers.values(), now());
            round = null;
            released.ifPresent(
                    term -> send(new Ask(Ask.Kind.RELEASE, "group", "control-" + number, life, term, ""), null));
        }

        /** When copies of a message arrive; none when it is lost. */
        private List<Long> delays(Node to) {
            if (to == this) {
                return List.of(0L);
            }
            boolean lost = random.nextDouble() < lossRate || cutOff.contains(number) != cutOff.contains(to.number);
            if (lost) {
                return List.of();
            }
            List<Long> delays = new ArrayList<>(List.of(delay()));
            if (random.nextInt(20) == 0) {
                delays.add(delay());
            }
            return delays;
        }

        private long delay() {
            return random.nextInt(50) == 0 ? random.nextLong(8_000 * MILLIS) : random.nextLong(30 * MILLIS);
        }

        Optional<Long> leads() {
            OptionalLong term = up ? candidate.term(now()) : OptionalLong.empty();
            return term.isPresent() ? Optional.of(term.getAsLong()) : Optional.empty();
        }
    }

    SimulatedControl(int count, long seed) {
        random = new Random(seed);
        for (int i = 1; i <= count; i++) {
            nodes.add(new Node(i));
        }
        nodes.forEach(Node::start);
    }

    private void at(long delay, Node node, Runnable work) {
        events.add(new Event(trueTime + delay, sequence++, node, node.life, work));
    }

    /** Lets so much time pass. */
    void run(long millis) {
        long end = trueTime + millis * MILLIS;
        while (!events.isEmpty() && events.peek().at() <= end) {
            Event event = events.poll();
            trueTime = event.at();
            // Before it, too: what was believed until now may overlap
            check();
            Node node = event.node();
            if (node.up && node.life.equals(event.life())) {
                if (node.frozen) {
                    node.whileFrozen.add(event);
                } else {
                    event.work().run();
                }
            }
            check();
        }
        trueTime = end;
    }

    private void check() {
        List<Node> leaders =
                nodes.stream().filter(node -> node.leads().isPresent()).toList();
        if (leaders.size() > 1) {
            throw new AssertionError("at " + trueTime / MILLIS + " ms these lead at once: "
                    + leaders.stream()
                            .map(node -> node.life + " in term " + node.leads())
                            .toList());
        }
        for (Node leader : leaders) {
            long term = leader.leads().orElseThrow();
            String other = leaderOfTerm.putIfAbsent(term, leader.life);
            if (other != null && !other.equals(leader.life)) {
                throw new AssertionError("both " + other + " and " + leader.life + " have led in term " + term);
            }
            if (term < newestLedTerm) {
                throw new AssertionError(leader.life + " leads in term " + term + " after term " + newestLedTerm);
            }
            newestLedTerm = term;
        }
    }

    /** One of the things that happen to control nodes. */
    void mishap() {
        Node node = nodes.get(random.nextInt(nodes.size()));
        switch (random.nextInt(7)) {
            case 0 -> kill(node.number);
            case 1 -> freeze(node.number);
            case 2 -> thaw(node.number);
            case 3 -> cutOff.add(node.number);
            case 4 -> cutOff.clear();
            case 5 -> lossRate = random.nextDouble() / 2;
            default -> restart(node.number);
        }
    }

    void kill(int number) {
        Node node = nodes.get(number - 1);
        node.up = false;
        node.whileFrozen.clear();
    }

    void restart(int number) {
        Node node = nodes.get(number - 1);
        if (!node.up) {
            node.start();
        }
    }

    void freeze(int number) {
        nodes.get(number - 1).frozen = true;
    }

    void thaw(int number) {
        Node node = nodes.get(number - 1);
        if (node.frozen) {
            node.frozen = false;
            node.whileFrozen.forEach(event -> at(0, node, event.work()));
            node.whileFrozen.clear();
        }
    }

    void cutOff(int number) {
        cutOff.add(number);
    }

    /** All faults end. */
    void heal() {
        cutOff.clear();
        lossRate = 0;
        nodes.forEach(node -> thaw(node.number));
        nodes.forEach(node -> restart(node.number));
    }

    /** Number of the node that leads, 0 for none. */
    int leader() {
        return nodes.stream()
                .filter(node -> node.leads().isPresent())
                .map(node -> node.number)
                .findFirst()
                .orElse(0);
    }

    long term() {
        return newestLedTerm;
    }

    /** How many nodes vote for the one that leads. */
    long votes() {
        Node leader = nodes.get(leader() - 1);
        return nodes.stream()
                .filter(node -> node.up)
                .filter(node -> node.voter
                        .promise(node.now())
                        .filter(promise -> promise.life().equals(leader.life))
                        .isPresent())
                .count();
    }
}
