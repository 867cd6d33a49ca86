import { bytes, element, percent, table } from './dom.js';

const LOOKS = { READY: 'good', STOPPED: 'dim', DEFINED: 'dim', FAILED: 'bad' };

export function renderVms({ vms }) {
  document.getElementById('vms').replaceChildren(table([
    ['Name', (vm) => vm.name],
    ['State', (vm) => element('span', vm.state, { class: LOOKS[vm.state] ?? 'warn' })],
    ['PID', (vm) => vm.pid],
    ['CPU', (vm) => percent(vm.cpuUsage)],
    ['Memory', (vm) => `${bytes(vm.memoryUsedBytes)} of ${bytes(vm.memoryBytes)}`],
    ['Tasks', (vm) => vm.tasksCompleted],
    ['Health', (vm) => vm.health],
  ], vms, 'No VMs.'));
}
