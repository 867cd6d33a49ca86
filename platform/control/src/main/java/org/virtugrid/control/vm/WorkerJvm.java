package org.virtugrid.control.vm;

import java.util.ArrayList;
import java.util.List;

/**
 * How a worker's JVM shares the memory of its VM: half of what is left after its own needs is heap, 30 % pages of data, a
 * tenth buffers. Pure.
 *
 * @param memoryBytes what JVM, pages and buffers may take together
 * @param cpus processors of the VM
 */
public record WorkerJvm(long memoryBytes, int cpus) {
    /** What the JVM takes beside heap and buffers: classes, compiled code, stacks, its own structures. An estimate. */
    private static final long NATIVE_BYTES = 144L << 20;

    // Shares of what is left; Ignite adds a quarter of the region for pages that are written while they are changed.
    private static final double HEAP_SHARE = 0.50;
    private static final double REGION_SHARE = 0.30;
    private static final double DIRECT_SHARE = 0.10;

    /** Page memory for data. */
    public long regionBytes() {
        return share(REGION_SHARE);
    }

    /** Options of the JVM, the same wherever it runs. */
    public List<String> options() {
        return new ArrayList<>(List.of(
                "-Xms32m",
                "-Xmx" + (share(HEAP_SHARE) >> 20) + "m",
                "-Xss512k",
                "-XX:+UseSerialGC",
                "-XX:ReservedCodeCacheSize=96m",
                "-XX:MaxDirectMemorySize=" + (share(DIRECT_SHARE) >> 20) + "m",
                "-XX:-UsePerfData",
                // Gives back what the compilers took at the start; JDKs that don't know it pass it over
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-XX:TrimNativeHeapInterval=5000",
                "-XX:ActiveProcessorCount=" + Math.max(2, cpus),
                "-Djava.util.concurrent.ForkJoinPool.common.parallelism=2",
                "-Djdk.nio.maxCachedBufferSize=262144"));
    }

    private long share(double share) {
        return (long) ((memoryBytes - NATIVE_BYTES) * share);
    }
}
