package org.virtugrid.control.coordinator;

import org.virtugrid.control.vm.VmDriver;
import org.virtugrid.control.vm.VmDriverContract;

/** The simulated driver keeps the contract of the real ones, so that what holds with it holds with them. */
class SimulatedDriverTest extends VmDriverContract {
    private final SimulatedTime time = new SimulatedTime();
    private final SimulatedMachines machines = new SimulatedMachines(time, 1);
    private final SimulatedGrid grid = new SimulatedGrid(time, Mishaps.PARTITIONS);
    private SimulatedDriver driver = open();

    SimulatedDriverTest() {
        machines.watch(new SimulatedMachines.Watcher() {
            @Override
            public void started(SimulatedMachines.Guest guest, SimulatedMachines.Life life) {}

            @Override
            public void ended(SimulatedMachines.Guest guest, SimulatedMachines.Life life) {
                driver.ended(guest.id());
            }
        });
    }

    private SimulatedDriver open() {
        return new SimulatedDriver(machines, grid, SimulatedDriver.Steps.none());
    }

    @Override
    protected VmDriver driver() {
        return driver;
    }

    @Override
    protected VmDriver reopen() {
        driver = open();
        return driver;
    }

    @Override
    protected void freeze(String id) {
        machines.freeze(machines.guest(id).life());
    }

    @Override
    protected void crash(String id) {
        machines.end(machines.guest(id));
    }

    @Override
    protected void makeStubborn(String id) {
        // A simulated guest has no say in it: stop ends each of them
    }

    @Override
    protected boolean hasData(String id) {
        return grid.hasData(id);
    }

    @Override
    protected void writeData(String id) {
        grid.disk(id).write();
    }
}
