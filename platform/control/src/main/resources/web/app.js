import { signOut } from './api.js';
import { start } from './live.js';
import { observe } from './state.js';
import { renderConnection } from './views/connection.js';
import { renderDatasets } from './views/datasets.js';
import { renderEvents } from './views/events.js';
import { renderMachine, renderState } from './views/machine.js';
import { renderTasks } from './views/tasks.js';
import { renderVms } from './views/vms.js';

const views = [
  renderConnection, renderState, renderMachine, renderVms, renderTasks, renderDatasets, renderEvents,
];
views.forEach(observe);

document.getElementById('sign-out').addEventListener('click', async () => {
  await signOut();
  location.assign('/');
});

start();
