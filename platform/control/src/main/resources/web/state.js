// What the page knows: one observable object, changed only by set().

const listeners = new Set();

export const state = {
  connected: null, seen: null, status: null, vms: [], tasks: [], datasets: [], events: [],
};

export function set(change) {
  Object.assign(state, change);
  listeners.forEach((listener) => listener(state));
}

export function observe(listener) {
  listeners.add(listener);
  listener(state);
}
