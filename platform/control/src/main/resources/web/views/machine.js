import { bytes, element } from './dom.js';

const LOOKS = { READY: 'good', STARTING: 'warn', DEGRADED: 'warn', STOPPED: 'bad' };

export function renderState({ status }) {
  const place = document.getElementById('state');
  if (!status) return;
  const why = status.stage ?? status.reason;
  place.textContent = why ? `${status.state}: ${why}` : status.state;
  place.className = LOOKS[status.state] ?? 'warn';
}

export function renderMachine({ status }) {
  if (!status) return;
  const { vms, resources, tasks } = status;
  const facts = [
    ['VMs ready', `${vms.ready} of ${vms.total}`],
    ['CPUs free', `${resources.cpus.free.toFixed(1)} of ${resources.cpus.total}`],
    ['Memory free', `${bytes(resources.memoryBytes.free)} of ${bytes(resources.memoryBytes.total)}`],
    ['GPUs free', `${resources.gpus.free} of ${resources.gpus.total}`],
    ['Tasks', `${tasks.running} running, ${tasks.queued} queued`],
    ['Ended', `${tasks.succeeded} succeeded, ${tasks.failed} failed`],
    ['Datasets', status.datasetsWithLoss?.length
      ? `${status.datasets}, with loss: ${status.datasetsWithLoss.join(', ')}` : status.datasets],
  ];
  document.getElementById('machine').replaceChildren(...facts.map(([name, value]) => {
    const fact = element('div');
    fact.append(element('dt', name), element('dd', value));
    return fact;
  }));
}
