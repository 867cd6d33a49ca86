package org.virtugrid.control.vm.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What to run for a VM. */
public interface ProcessCommand {

    /**
     * Writes what the process reads at its start and returns its command line. The last argument must name the VM's folder
     * in a way that no other process has: by it a process is found whose pid was not recorded in time.
     */
    List<String> prepare(Launch launch) throws IOException;

    /** The last argument that {@link #prepare} gives for a VM in this folder. */
    String lastArgument(Path folder);

    /**
     * A VM about to start.
     *
     * @param addresses host:port of every other VM's node that may be there
     */
    record Launch(
            String id,
            String consistentId,
            Path folder,
            int cpus,
            long memoryBytes,
            int discoveryPort,
            int communicationPort,
            List<String> addresses) {}
}
