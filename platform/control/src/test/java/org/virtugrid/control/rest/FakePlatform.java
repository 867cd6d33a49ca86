package org.virtugrid.control.rest;

import java.util.List;
import java.util.Map;
import org.virtugrid.api.StatusView;
import org.virtugrid.control.coordinator.ControlNodes;
import org.virtugrid.control.coordinator.Platform;

/** A platform that is what the test says. */
final class FakePlatform implements Platform {
    volatile ControlNodes controlNodes = ControlNodes.alone("control-1", "http://127.0.0.1:3000");
    volatile boolean ready = true;
    volatile boolean shutDown;

    @Override
    public StatusView status() {
        return new StatusView(
                ready ? "READY" : "STARTING",
                null,
                ready ? null : "waiting for worker-2",
                "0.1.0",
                "http://127.0.0.1:3000",
                new StatusView.Vms(3, 3),
                new StatusView.Resources(
                        new StatusView.Cpus(6, 5),
                        new StatusView.Amount(3_000_000_000L, 2_000_000_000L),
                        new StatusView.Amount(0, 0)),
                new StatusView.Tasks(0, 0, 0, 0, 0),
                0,
                List.of(),
                Map.of("thin", 10800),
                List.of(new StatusView.Control("control-1", "http://127.0.0.1:3000", true, true)));
    }

    @Override
    public ControlNodes controlNodes() {
        return controlNodes;
    }

    @Override
    public boolean gridReady() {
        return ready;
    }

    @Override
    public void shutDown(boolean destroy) {
        shutDown = true;
    }
}
