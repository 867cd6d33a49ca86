package org.virtugrid.control.vm.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmDriverException.Kind;
import org.virtugrid.control.vm.VmProbe;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.control.vm.VmSpec;
import org.virtugrid.control.vm.VmUse;
import org.virtugrid.control.vm.local.ProcessTable;

/**
 * VMs as worker JVMs on this machine.
 *
 * <p>What is on disk comes first: the map of records changes only after {@code vm.json} has. A process is known by its pid
 * and time of start together, so a pid that the system gave to another process is never touched.
 */
public final class ProcessDriver implements VmDriver {
    private final VmFolders folders;
    private final VmDatabases databases;
    private final ProcessLauncher launcher;
    private final PortPool ports;
    private final ControlGroups groups = new ControlGroups();
    private final Clock clock;
    private final boolean shared;
    private final UseMeter meter;
    private final Map<String, ProcessVm> vms = new ConcurrentHashMap<>();
    private final Map<String, Object> locks = new ConcurrentHashMap<>();
    private final List<Consumer<String>> exitListeners = new CopyOnWriteArrayList<>();

    ProcessDriver(Path vmRoot, Path logs, ProcessCommand command, PortPool ports, Clock clock, boolean shared) {
        this.folders = new VmFolders(vmRoot);
        this.databases = new VmDatabases(folders);
        this.launcher = new ProcessLauncher(logs, command, clock);
        this.ports = ports;
        this.clock = clock;
        this.shared = shared;
        this.meter = new UseMeter(clock, folders::diskBytes);
    }

    /**
     * Opens the VMs in a folder that other control processes on this machine have open, too: nothing is adopted or cleared
     * before {@link #reload} is told that this one leads.
     */
    public static ProcessDriver openShared(Path vmRoot, Path logs, ProcessCommand command, int workerBase) {
        ProcessDriver driver = new ProcessDriver(
                vmRoot, logs, command, new PortPool(workerBase, PortPool::bindable), Clock.systemUTC(), true);
        driver.reload(false);
        return driver;
    }

    /** Opens the VMs in a folder and adopts those that run, with ports of new ones from {@code workerBase} up. */
    public static ProcessDriver open(Path vmRoot, Path logs, ProcessCommand command, int workerBase) {
        return open(vmRoot, logs, command, workerBase, PortPool::bindable);
    }

    static ProcessDriver open(Path vmRoot, Path logs, ProcessCommand command, int base, IntPredicate portFree) {
        ProcessDriver driver =
                new ProcessDriver(vmRoot, logs, command, new PortPool(base, portFree), Clock.systemUTC(), false);
        driver.adopt();
        return driver;
    }

    private void adopt() {
        readAll(true);
        for (ProcessVm vm : vms.values()) {
            if (vm.process() == null || !runs(vm)) {
                launcher.findUnrecorded(folders.folder(vm.id())).ifPresent(found -> lives(vm.id(), found));
            }
        }
    }

    @Override
    public void reload(boolean leads) {
        if (shared) {
            readAll(leads);
        }
    }

    private void readAll(boolean clear) {
        try {
            if (clear) {
                folders.clear();
            }
            Set<String> ids = new HashSet<>(folders.ids());
            ids.addAll(vms.keySet());
            ids.forEach(this::reload);
        } catch (IOException e) {
            throw new VmDriverException(Kind.FAILED, "cannot read the VMs' folders: " + e.getMessage(), e);
        }
    }

    private void reload(String id) {
        ProcessVm known = vms.get(id);
        // Read inside, so that a record which changes right now can't be replaced by an older one
        ProcessVm read = vms.compute(id, (key, old) -> folders.read(id));
        boolean newLife = read != null
                && read.process() != null
                && (known == null || !read.process().equals(known.process()));
        if (newLife) {
            watch(id, read.process());
        }
    }

    @Override
    public String name() {
        return "process";
    }

    @Override
    public List<VmRecord> list() {
        return vms.values().stream()
                .map(vm -> vm.toRecord(Files.exists(folders.suspicion(vm.id()))))
                .sorted(Comparator.comparing(VmRecord::name).thenComparing(VmRecord::id))
                .toList();
    }

    @Override
    public synchronized VmRecord define(VmSpec spec) {
        if (vms.values().stream().anyMatch(vm -> vm.name().equals(spec.name()))) {
            throw new VmDriverException(Kind.FAILED, "there is a VM " + spec.name() + " already");
        }
        byte[] random = new byte[4];
        new SecureRandom().nextBytes(random);
        String id = "vm-" + HexFormat.of().formatHex(random);
        PortPool.Pair pair = ports.next(takenPorts(id));
        ProcessVm vm = ProcessVm.create(id, spec, clock.instant(), pair.discovery(), pair.communication());
        run("define " + spec.name(), () -> folders.create(vm));
        vms.put(id, vm);
        return vm.toRecord(false);
    }

    @Override
    public void want(String id, Desired desired) {
        synchronized (lock(id)) {
            if (find(id).desired() != desired) {
                change(id, vm -> vm.wanted(desired));
            }
        }
    }

    @Override
    public VmProbe probe(String id) {
        ProcessVm vm = find(id);
        if (vm.process() == null) {
            return VmProbe.off();
        }
        ProcessIdentity identity = vm.process();
        try {
            return Termination.alive(identity)
                    .map(entry -> new VmProbe(
                            VmProbe.Life.RUNNING,
                            identity.lifeId(),
                            identity.pid(),
                            entry.state(),
                            entry.cpuTicks(),
                            identity.startedAt(),
                            "process " + identity.pid() + " is there, state " + entry.state()))
                    .orElseGet(() -> new VmProbe(
                            VmProbe.Life.DIED,
                            identity.lifeId(),
                            identity.pid(),
                            null,
                            0,
                            identity.startedAt(),
                            "process " + identity.pid() + " is gone"));
        } catch (IOException | RuntimeException e) {
            return new VmProbe(
                    VmProbe.Life.UNKNOWN,
                    identity.lifeId(),
                    identity.pid(),
                    null,
                    0,
                    identity.startedAt(),
                    "the process table cannot be read: " + e.getMessage());
        }
    }

    @Override
    public boolean isBehind(String id) {
        return databases.isBehind(id, find(id).consistentId(), vms.keySet());
    }

    @Override
    public void completeCaches(String id) {
        synchronized (lock(id)) {
            if (isAtRest(find(id))) {
                List<String> others = list().stream()
                        .filter(other -> !other.id().equals(id) && !other.suspect())
                        .map(VmRecord::id)
                        .filter(other -> !isBehind(other))
                        .toList();
                databases.completeCaches(id, others);
            }
        }
    }

    @Override
    public void dropCachesBut(String id, Set<String> existing) {
        synchronized (lock(id)) {
            if (isAtRest(find(id))) {
                databases.dropCachesBut(id, existing);
            }
        }
    }

    private boolean isAtRest(ProcessVm vm) {
        return vm.process() == null || !runs(vm);
    }

    @Override
    public VmProbe start(String id) {
        synchronized (lock(id)) {
            ProcessVm vm = find(id);
            if (vm.process() != null && runs(vm)) {
                return probe(id);
            }
            Optional<ProcessIdentity> unrecorded = launcher.findUnrecorded(folders.folder(id));
            if (unrecorded.isEmpty() && !ports.isFree(vm.ports())) {
                synchronized (this) {
                    PortPool.Pair next = ports.next(takenPorts(id));
                    change(id, old -> old.at(next));
                }
            }
            groups.remove(vm.limits());
            lives(id, unrecorded.orElseGet(() -> launcher.launch(find(id), folders.folder(id), addressesBeside(id))));
            VmProbe seen = probe(id);
            return new VmProbe(
                    seen.life(),
                    seen.lifeId(),
                    seen.pid(),
                    seen.processState(),
                    seen.cpuTicks(),
                    seen.startedAt(),
                    seen.detail() + "; limits: " + find(id).limitsNote());
        }
    }

    /** Records the process, puts it under its limits and watches it. */
    private void lives(String id, ProcessIdentity identity) {
        ProcessVm vm = find(id);
        change(id, old -> old.livingIn(identity, new ControlGroups.Applied(old.limits(), old.limitsNote())));
        ControlGroups.Applied limits = groups.apply(id, identity.pid(), vm.cpus(), vm.memoryBytes());
        change(id, old -> old.livingIn(identity, limits));
        watch(id, identity);
    }

    private void watch(String id, ProcessIdentity identity) {
        ProcessHandle.of(identity.pid())
                .ifPresentOrElse(handle -> handle.onExit().thenRun(() -> tellExit(id)), () -> tellExit(id));
    }

    private void tellExit(String id) {
        exitListeners.forEach(listener -> listener.accept(id));
    }

    @Override
    public void stop(String id, Duration grace) {
        end(id, process -> Termination.stop(process, grace));
    }

    @Override
    public void kill(String id) {
        end(id, Termination::kill);
    }

    private void end(String id, Consumer<ProcessIdentity> termination) {
        synchronized (lock(id)) {
            ProcessVm vm = find(id);
            if (vm.process() != null) {
                termination.accept(vm.process());
                groups.remove(vm.limits());
                change(id, old -> old.livingIn(null, ControlGroups.Applied.NONE));
            }
        }
    }

    @Override
    public void suspect(String id, boolean suspect) {
        synchronized (lock(id)) {
            find(id);
            run("mark " + id, () -> folders.suspect(id, suspect));
        }
    }

    @Override
    public void wipe(String id) {
        synchronized (lock(id)) {
            if (!probe(id).gone()) {
                throw new VmDriverException(Kind.FAILED, id + " runs; its database is in use");
            }
            run("wipe " + id, () -> folders.wipe(id));
        }
    }

    @Override
    public void destroy(String id) {
        if (!vms.containsKey(id)) {
            return;
        }
        want(id, Desired.DESTROYED);
        kill(id);
        synchronized (lock(id)) {
            // One that was launched by a control process which could not record it any more would go on without a
            // folder
            launcher.findUnrecorded(folders.folder(id)).ifPresent(Termination::kill);
            run("remove " + id, () -> folders.remove(id));
            vms.remove(id);
            meter.forget(id);
        }
        locks.remove(id);
    }

    @Override
    public VmUse use(String id) {
        ProcessVm vm = vms.get(id);
        if (vm == null) {
            return VmUse.NONE;
        }
        try {
            Optional<ProcessTable.Entry> entry =
                    vm.process() == null ? Optional.empty() : Termination.alive(vm.process());
            return entry.map(row -> meter.use(vm, row))
                    .orElseGet(() -> new VmUse(null, null, meter.disk(id, clock.millis()), null));
        } catch (IOException e) {
            return VmUse.NONE;
        }
    }

    @Override
    public void onExit(Consumer<String> listener) {
        exitListeners.add(listener);
    }

    private boolean runs(ProcessVm vm) {
        try {
            return Termination.alive(vm.process()).isPresent();
        } catch (IOException e) {
            throw new VmDriverException(Kind.OUTCOME_UNKNOWN, "cannot tell whether " + vm.name() + " runs: " + e, e);
        }
    }

    private List<PortPool.Pair> takenPorts(String butOf) {
        return vms.values().stream()
                .filter(vm -> !vm.id().equals(butOf))
                .map(ProcessVm::ports)
                .toList();
    }

    private List<String> addressesBeside(String id) {
        return vms.values().stream()
                .filter(vm -> !vm.id().equals(id))
                .map(vm -> "127.0.0.1:" + vm.discoveryPort())
                .sorted()
                .toList();
    }

    private Object lock(String id) {
        return locks.computeIfAbsent(id, key -> new Object());
    }

    private ProcessVm find(String id) {
        ProcessVm vm = vms.get(id);
        if (vm == null) {
            throw new VmDriverException(Kind.NOT_FOUND, "there is no VM " + id);
        }
        return vm;
    }

    private ProcessVm onDisk(String id) {
        ProcessVm vm = folders.read(id);
        if (vm == null) {
            throw new VmDriverException(Kind.NOT_FOUND, "there is no VM " + id + " any more");
        }
        return vm;
    }

    private void change(String id, UnaryOperator<ProcessVm> change) {
        ProcessVm next = change.apply(shared ? onDisk(id) : find(id));
        run("record " + id, () -> folders.write(next));
        vms.put(id, next);
    }

    private interface DiskWork {
        void run() throws IOException;
    }

    private static void run(String what, DiskWork work) {
        try {
            work.run();
        } catch (IOException e) {
            throw new VmDriverException(Kind.FAILED, "cannot " + what + ": " + e.getMessage(), e);
        }
    }
}
