package org.virtugrid.control.coordinator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.virtugrid.control.home.DurableFile;
import org.virtugrid.control.vm.Desired;
import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.control.vm.VmSpec;

/**
 * Makes as many workers as the last {@code up} asked for. It does so once for each number asked for, so that a VM that was
 * destroyed later does not come back by itself.
 */
final class WorkerCount {
    private final VmDriver driver;
    private final Path done;
    private final int workers;
    private final long memoryBytes;
    private final EventLog events;

    /** Remembers in a file which number has been seen to. */
    WorkerCount(VmDriver driver, Path done, int workers, long memoryBytes, EventLog events) {
        this.driver = driver;
        this.done = done;
        this.workers = workers;
        this.memoryBytes = memoryBytes;
        this.events = events;
    }

    void ensure() {
        try {
            String seenTo = Files.exists(done) ? Files.readString(done).strip() : "";
            if (seenTo.equals(Integer.toString(workers))) {
                return;
            }
            List<VmRecord> existing = driver.list();
            Set<String> names = existing.stream().map(VmRecord::name).collect(Collectors.toSet());
            long count = existing.stream()
                    .filter(vm -> vm.desired() != Desired.DESTROYED)
                    .count();
            for (int number = 1; count < workers; number++) {
                String name = "w" + number;
                if (names.add(name)) {
                    VmRecord vm = driver.define(
                            new VmSpec(name, VmRequests.DEFAULT_CPUS, memoryBytes, VmRequests.DEFAULT_DISK, Map.of()));
                    events.record("VM_CREATED", name, "up asked for " + workers + " workers", Map.of("vmId", vm.id()));
                    count++;
                }
            }
            DurableFile.write(done, Integer.toString(workers).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
