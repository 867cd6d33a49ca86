package org.virtugrid.control.leadership;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.io.TempDir;
import org.virtugrid.control.FreePorts;
import org.virtugrid.control.coordinator.Leadership;
import org.virtugrid.control.coordinator.LeadershipContract;

/** Three processes that vote over real connections, and are killed and stopped by signals. */
class VotedLeadershipContractTest extends LeadershipContract {
    private final List<Integer> ports = FreePorts.take(3);
    private final Map<Integer, VoterProcess> running = new TreeMap<>();

    @TempDir
    Path folder;

    @Override
    protected void start(int process) {
        running.put(process, new VoterProcess(process, ports, folder));
    }

    @Override
    protected void kill(int process) {
        running.remove(process).kill();
    }

    @Override
    protected int quietTimes() {
        return 4;
    }

    @Override
    protected void freeze(int process) {
        signal("-STOP", process);
    }

    @Override
    protected void thaw(int process) {
        signal("-CONT", process);
    }

    private void signal(String signal, int process) {
        try {
            assertThat(new ProcessBuilder(
                                    "kill",
                                    signal,
                                    Long.toString(running.get(process).pid()))
                            .start()
                            .waitFor())
                    .isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected Leadership leadership(int process) {
        return running.get(process);
    }

    @Override
    protected boolean comesTrue(int withinSeconds, BooleanSupplier so) {
        try {
            Awaitility.await().atMost(Duration.ofSeconds(withinSeconds)).until(so::getAsBoolean);
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    @Override
    protected void close() {
        running.values().forEach(VoterProcess::kill);
    }
}
