import { table, time } from './dom.js';

export function renderEvents({ events }) {
  document.getElementById('events').replaceChildren(table([
    ['Time', (event) => time(event.time)],
    ['What', (event) => event.type],
    ['Subject', (event) => event.subject],
    ['Cause', (event) => event.cause],
  ], events, 'Nothing happened in the last hour.'));
}
