// Keeps the state fresh: polls what changes all the time, streams events.

import * as api from './api.js';
import { set, state } from './state.js';

const EVERY_MILLIS = 2000;
const MOST_EVENTS = 50;

async function poll() {
  try {
    const [status, vms] = await Promise.all([api.status(), api.vms()]);
    set({ connected: true, seen: new Date(), status, vms });
    // while the grid starts these are not there yet, which is no reason to look disconnected
    const [tasks, datasets] = await Promise.allSettled([api.tasks(), api.datasets()]);
    set({ tasks: tasks.value ?? state.tasks, datasets: datasets.value ?? state.datasets });
  } catch (error) {
    if (error instanceof api.SignedOut) location.assign('/');
    set({ connected: false });
  }
  setTimeout(poll, EVERY_MILLIS);
}

function follow() {
  const stream = new EventSource('/api/events');
  stream.addEventListener('event', (message) => {
    set({ events: [JSON.parse(message.data), ...state.events].slice(0, MOST_EVENTS) });
  });
  // after a break the past is asked for again, so that nothing is missing
  stream.addEventListener('open', recall);
  stream.addEventListener('error', () => {
    if (stream.readyState === EventSource.CLOSED) setTimeout(follow, EVERY_MILLIS);
  });
}

async function recall() {
  try {
    set({ events: (await api.events()).reverse().slice(0, MOST_EVENTS) });
  } catch {
    // the next poll tells whether we are disconnected
  }
}

export function start() {
  poll();
  follow();
}
