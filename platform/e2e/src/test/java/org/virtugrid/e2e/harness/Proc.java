package org.virtugrid.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What /proc tells of processes, and signals to them. */
public final class Proc {
    private Proc() {}

    /** The words of a process's command line; empty when it is gone. */
    public static List<String> commandLine(long pid) {
        return words(Path.of("/proc/" + pid + "/cmdline"));
    }

    /** The variables of a process's environment as NAME=VALUE; empty when it is gone. */
    public static List<String> environment(long pid) {
        return words(Path.of("/proc/" + pid + "/environ"));
    }

    private static List<String> words(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            return text.isEmpty() ? List.of() : List.of(text.split("\0", -1));
        } catch (IOException gone) {
            return List.of();
        }
    }

    /** All processes that have a word in their command line that holds this text, but for this JVM. */
    public static List<Long> withWord(String text) {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.map(ProcessHandle::pid)
                    .filter(pid -> pid != ProcessHandle.current().pid())
                    .filter(pid -> commandLine(pid).stream().anyMatch(word -> word.contains(text)))
                    .toList();
        }
    }

    /** Whether a process is there and not a zombie. */
    public static boolean isAlive(long pid) {
        return !List.of("Z", "X", "").contains(state(pid));
    }

    /** The letter of /proc/PID/stat that tells what a process is doing, empty when it is gone; T is stopped. */
    public static String state(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            int letter = stat.lastIndexOf(')') + 2;
            return stat.substring(letter, letter + 1);
        } catch (IOException gone) {
            return "";
        }
    }

    /** Sends a signal such as KILL, STOP or CONT. */
    public static void signal(String name, long... pids) {
        for (long pid : pids) {
            try {
                int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .inheritIO()
                        .start()
                        .waitFor();
                if (code != 0) {
                    throw new AssertionError("kill -" + name + " " + pid + " failed");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }
}
