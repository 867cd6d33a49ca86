package org.virtugrid.control.coordinator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Lanes in which work begins a moment after it was decided, or when its process goes on after it was frozen. */
final class SimulatedLanes implements Lanes {
    private static final int LONGEST_WAIT_MILLIS = 800;
    /** So long a call to a hypervisor that hangs takes to fail. */
    private static final long CALL_DEADLINE_MILLIS = 5_000;

    private final SimulatedControl control;
    private final SimulatedTime time;
    private final Runnable whenIdle;
    private final Map<String, Runnable> busy = new TreeMap<>();
    private final List<Runnable> held = new ArrayList<>();
    private boolean waited;
    private boolean closed;

    SimulatedLanes(SimulatedControl control, SimulatedTime time, Runnable whenIdle) {
        this.control = control;
        this.time = time;
        this.whenIdle = whenIdle;
    }

    /** What runs now had to wait for a hypervisor until its deadline. */
    void waited() {
        waited = true;
    }

    @Override
    public boolean busy(String lane) {
        return busy.containsKey(lane);
    }

    @Override
    public boolean anyBusy() {
        return !busy.isEmpty();
    }

    @Override
    public boolean run(String lane, Duration deadline, Runnable work) {
        if (busy.putIfAbsent(lane, work) != null) {
            return false;
        }
        time.after(control.random().nextInt(LONGEST_WAIT_MILLIS), () -> begin(lane, work));
        return true;
    }

    private void begin(String lane, Runnable work) {
        if (closed) {
            return;
        }
        if (control.frozen()) {
            held.add(() -> begin(lane, work));
            return;
        }
        waited = false;
        boolean survived = control.survives(() -> {
            control.step("before it begins");
            work.run();
        });
        if (!survived) {
            return;
        }
        if (waited) {
            time.after(CALL_DEADLINE_MILLIS, () -> busy.remove(lane));
        } else {
            busy.remove(lane);
        }
        whenIdle.run();
        control.wake();
    }

    /** The process was frozen and goes on. */
    void goOn() {
        List<Runnable> now = List.copyOf(held);
        held.clear();
        now.forEach(Runnable::run);
    }

    @Override
    public void interruptLate() {
        // a call to a hypervisor that hangs ends by itself
    }

    @Override
    public void close() {
        closed = true;
    }
}
