package org.virtugrid.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Measures from its making on until it is stopped: time, and what processors spent on some processes and on this one. */
public final class Stopwatch {
    /** The kernel counts in hundredths of a second towards programs, whatever it counts in itself. */
    private static final double TICKS = 100;
    /** Fields of /proc/PID/stat behind the command: user and system time, own and of children that have ended. */
    private static final int FIRST_TIME = 11;

    private static final int TIMES = 4;

    private final List<Long> pids;
    private final double begunCpu;
    private final long begun;
    private long ended;
    private double endedCpu;

    /** A running watch over this process alone. */
    public Stopwatch() {
        this(List.of());
    }

    /** A running watch over these processes, too. */
    public Stopwatch(List<Long> pids) {
        this.pids = pids;
        this.begunCpu = cpu();
        this.begun = System.nanoTime();
    }

    /** Stops. */
    public void stop() {
        ended = System.nanoTime();
        endedCpu = cpu();
    }

    /** Seconds so far, or until it was stopped. */
    public double seconds() {
        return ((ended == 0 ? System.nanoTime() : ended) - begun) / 1e9;
    }

    /** What the work came to, in the time until the watch was stopped. */
    public Contender.Done done(Object result) {
        return new Contender.Done(seconds(), endedCpu - begunCpu, result);
    }

    private double cpu() {
        double sum = ofProcess(ProcessHandle.current().pid());
        for (long pid : pids) {
            sum += ofProcess(pid);
        }
        return sum;
    }

    private static double ofProcess(long pid) {
        try {
            String line = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
            double ticks = 0;
            for (int field = FIRST_TIME; field < FIRST_TIME + TIMES; field++) {
                ticks += Long.parseLong(fields[field]);
            }
            return ticks / TICKS;
        } catch (IOException e) {
            return 0;
        }
    }
}
