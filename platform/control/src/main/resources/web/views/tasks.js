import { element, table, time } from './dom.js';

const LOOKS = { SUCCEEDED: 'good', FAILED: 'bad', CANCELLED: 'dim' };

function progress(task) {
  if (task.state !== 'RUNNING') return element('span', task.error ?? '');
  return element('progress', null, { value: task.progress, max: 1, 'aria-label': 'progress' });
}

export function renderTasks({ tasks }) {
  document.getElementById('tasks').replaceChildren(table([
    ['Task', (task) => task.taskId],
    ['What', (task) => `${task.operation}${task.dataset ? ` of ${task.dataset}` : ''}`],
    ['State', (task) => element('span', task.state, { class: LOOKS[task.state] ?? 'warn' })],
    ['Progress', progress],
    ['VM', (task) => task.vmIds.at(-1)],
    ['Since', (task) => time(task.createdAt)],
  ], tasks, 'No tasks yet.'));
}
