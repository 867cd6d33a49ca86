package org.virtugrid.control.vm.process;

import java.nio.file.Path;
import java.util.List;

/** Runs a {@link Sleeper} in place of a worker. */
record SleeperCommand() implements ProcessCommand {
    @Override
    public List<String> prepare(Launch launch) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx16m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Path.of("target", "test-classes").toAbsolutePath().toString(),
                "org.virtugrid.control.vm.process.Sleeper",
                lastArgument(launch.folder()));
    }

    @Override
    public String lastArgument(Path folder) {
        return folder.resolve("node.properties").toString();
    }
}
