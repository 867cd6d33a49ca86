package org.virtugrid.cli.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.virtugrid.api.CheckItem;
import org.virtugrid.api.VmCreate;
import org.virtugrid.cli.format.ByteSize;
import org.virtugrid.cli.home.Home;
import org.virtugrid.cli.home.Ports;

/** Checks a machine before a start; every finding that is not fine carries a remedy of one line. */
public final class Preflight {
    static final long LEAST_DISK_BYTES = 1L << 30;
    static final long CONTROL_MEMORY_BYTES = 768L << 20;
    private static final long LEAST_WORKER_MEMORY_BYTES = VmCreate.LEAST_MEMORY_BYTES;
    private static final int LEAST_JAVA = 17;

    private final Machine machine;
    private final Home home;

    public Preflight(Machine machine, Home home) {
        this.machine = machine;
        this.home = home;
    }

    /** Everything that has to be right for the plan. */
    public List<CheckItem> run(StartPlan plan) {
        List<CheckItem> items = new ArrayList<>(List.of(system(), java(), temporary()));
        items.addAll(new HomeChecks(machine, home).run(plan.running()));
        items.add(disk());
        items.add(memory(plan));
        items.add(httpPort(plan));
        items.add(thinPort(plan));
        items.add(innerPorts(plan));
        return items;
    }

    /** What has to be right before anything is made in the home. */
    public List<CheckItem> beforeTouching() {
        List<CheckItem> items = new ArrayList<>(List.of(system(), java(), temporary()));
        items.addAll(new HomeChecks(machine, home).run(false));
        items.add(disk());
        return items;
    }

    private CheckItem system() {
        Set<String> missing = machine.missingPrograms(Set.of("setsid"));
        if (!machine.operatingSystem().equals("Linux")) {
            return bad("system", machine.operatingSystem(), "run it on Linux, or in a Linux VM or container");
        }
        return missing.isEmpty()
                ? fine("system", "Linux")
                : bad("system", "the program setsid is missing", "apt-get install util-linux");
    }

    private CheckItem java() {
        String found = "Java " + machine.javaVersion() + " at " + machine.javaPlace();
        return machine.javaVersion() >= LEAST_JAVA
                ? fine("java", found)
                : bad("java", found, "apt-get install openjdk-17-jdk-headless, or set JAVA_HOME to a JDK 17 or newer");
    }

    private CheckItem temporary() {
        String found = machine.temporaryDirectory().toString();
        return machine.isWritable(machine.temporaryDirectory())
                ? fine("temporary-files", found)
                : bad("temporary-files", found + " is not writable", "chmod 1777 " + found);
    }

    private CheckItem disk() {
        long free = machine.freeDiskBytes(home.directory());
        String found = ByteSize.human(free) + " free for " + home.directory();
        return free >= LEAST_DISK_BYTES
                ? fine("disk", found)
                : bad(
                        "disk",
                        found + ", at least " + ByteSize.human(LEAST_DISK_BYTES) + " is needed",
                        "make room on the disk of " + home.directory() + ", or give --home DIR on another");
    }

    private CheckItem memory(StartPlan plan) {
        if (plan.running()) {
            return fine("memory", ByteSize.human(machine.availableMemoryBytes()) + " free, the grid has its share");
        }
        long free = machine.availableMemoryBytes();
        long needed = plan.workersToStart() * plan.workerMemoryBytes() + CONTROL_MEMORY_BYTES;
        String found = ByteSize.human(free) + " free, " + ByteSize.human(needed) + " wanted for control and "
                + plan.workersToStart() + " workers of " + ByteSize.human(plan.workerMemoryBytes());
        return free >= needed ? fine("memory", found) : bad("memory", found, memoryRemedy(plan.workersToStart(), free));
    }

    private static String memoryRemedy(int workers, long free) {
        long step = 64L << 20;
        long each = workers == 0 ? 0 : (free - CONTROL_MEMORY_BYTES) / workers / step * step;
        if (each >= LEAST_WORKER_MEMORY_BYTES) {
            return "virtugrid up --worker-memory " + new ByteSize(each);
        }
        long fitting = (free - CONTROL_MEMORY_BYTES) / LEAST_WORKER_MEMORY_BYTES;
        return fitting >= 1
                ? "virtugrid up --workers " + fitting + " --worker-memory " + new ByteSize(LEAST_WORKER_MEMORY_BYTES)
                        + ", or end other programs"
                : "end other programs; one worker wants "
                        + ByteSize.human(CONTROL_MEMORY_BYTES + LEAST_WORKER_MEMORY_BYTES) + " in all";
    }

    private CheckItem httpPort(StartPlan plan) {
        int port = plan.ports().getOrDefault("http", 0);
        if (plan.running() || machine.isFree(port)) {
            return fine("http-port", port + (plan.running() ? " is this grid's" : " is free"));
        }
        if (machine.isDenied(port)) {
            return bad("http-port", port + " is not allowed to this user", "virtugrid up --port 3000");
        }
        int next = Ports.nextFree(port + 1, port, machine::isFree);
        return bad("http-port", port + " is taken" + by(port), "virtugrid up --port " + next);
    }

    private CheckItem thinPort(StartPlan plan) {
        int port = plan.ports().getOrDefault("thin", 0);
        if (plan.running() || machine.isFree(port)) {
            return fine("thin-client-port", port + (plan.running() ? " is this grid's" : " is free"));
        }
        int next = Ports.nextFree(port + 1, port, machine::isFree);
        return bad("thin-client-port", port + " is taken" + by(port), "virtugrid up --thin-port " + next);
    }

    private CheckItem innerPorts(StartPlan plan) {
        if (plan.running()) {
            return fine("inner-ports", "this grid's");
        }
        for (String use : List.of("restHttp", "restTcp", "discovery", "communication")) {
            int port = plan.ports().getOrDefault(use, 0);
            if (!machine.isFree(port)) {
                return bad(
                        "inner-ports",
                        use + " port " + port + " is taken" + by(port),
                        plan.adopting()
                                ? "end that process; the workers that still run expect the port as it was"
                                : "virtugrid up (takes the next free one)");
            }
        }
        return fine("inner-ports", "free");
    }

    private String by(int port) {
        return machine.listener(port).map(who -> " by " + who).orElse("");
    }

    static CheckItem fine(String check, String found) {
        return new CheckItem(check, true, found, null);
    }

    static CheckItem bad(String check, String found, String fix) {
        return new CheckItem(check, false, found, fix);
    }
}
