package org.virtugrid.grid.compute;

public final class WorkerRuntime {
    public static void start(org.apache.ignite.Ignite i, org.virtugrid.grid.node.NodeSettings s) {}
}
