package org.virtugrid.control.leadership;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.virtugrid.control.coordinator.Leadership;
import org.virtugrid.control.home.ControlSettings;

/**
 * A {@link VotedLeadership} in a process of its own. It is asked line by line: {@code term} or {@code holds TERM}; it
 * answers {@code = VALUE}, and says {@code changed} whenever its lead has changed.
 */
final class VoterProcess implements Leadership {
    private static final String SECRET = "a secret that only control nodes of this test have";
    private static final String NOBODY = "none";
    private static final int ANSWER_SECONDS = 60;

    private final Process process;
    private final PrintStream questions;
    private final BlockingQueue<String> answers = new ArrayBlockingQueue<>(1);
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /** Starts it; it takes part soon. */
    VoterProcess(int number, List<Integer> ports, Path folder) {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                VoterProcess.class.getName(),
                Integer.toString(number),
                folder.resolve("ballot-" + number).toString()));
        ports.forEach(port -> line.add(Integer.toString(port)));
        try {
            process = new ProcessBuilder(line)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        questions = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "voter-" + number);
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        process.inputReader(StandardCharsets.UTF_8).lines().forEach(line -> {
            if (line.equals("changed")) {
                listeners.forEach(Runnable::run);
            } else if (line.startsWith("= ")) {
                answers.add(line.substring(2));
            }
        });
    }

    private String ask(String question) {
        questions.println(question);
        try {
            String answer = null;
            for (int second = 0; answer == null && second < ANSWER_SECONDS; second++) {
                if (!process.isAlive()) {
                    throw new IllegalStateException(
                            "process " + process.pid() + " has ended by itself: " + process.exitValue());
                }
                answer = answers.poll(1, TimeUnit.SECONDS);
            }
            if (answer == null) {
                throw new IllegalStateException("process " + process.pid() + " does not answer: " + question);
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public OptionalLong term() {
        String term = ask("term");
        return term.equals(NOBODY) ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(term));
    }

    @Override
    public boolean holds(long term) {
        return Boolean.parseBoolean(ask("holds " + term));
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    long pid() {
        return process.pid();
    }

    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Number of the process, file of its ballot, and the ports of all. Ends with its input. */
    public static void main(String[] arguments) throws IOException {
        List<ControlSettings.Node> nodes = new ArrayList<>();
        for (int i = 2; i < arguments.length; i++) {
            int number = i - 1;
            nodes.add(
                    new ControlSettings.Node("control-" + number, "127.0.0.1:" + number, "127.0.0.1:" + arguments[i]));
        }
        try (VotedLeadership leadership = new VotedLeadership(new VotedLeadership.Setting(
                new ControlSettings(nodes, null),
                "control-" + arguments[0],
                "http://127.0.0.1:300" + arguments[0],
                null,
                SECRET,
                Path.of(arguments[1]),
                outcome -> {}))) {
            leadership.onChange(() -> System.out.println("changed"));
            BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String question = questions.readLine(); question != null; question = questions.readLine()) {
                System.out.println("= " + answer(leadership, question));
            }
        }
    }

    private static String answer(Leadership leadership, String question) {
        if (question.startsWith("holds ")) {
            return Boolean.toString(leadership.holds(Long.parseLong(question.substring("holds ".length()))));
        }
        OptionalLong term = leadership.term();
        return term.isPresent() ? Long.toString(term.getAsLong()) : NOBODY;
    }
}
