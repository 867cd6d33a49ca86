// Calls of the REST API. The session cookie goes along by itself.

export class SignedOut extends Error {}

async function call(path, options = {}) {
  const response = await fetch(path, { ...options, signal: AbortSignal.timeout(10000) });
  if (response.status === 401) throw new SignedOut();
  const body = response.status === 204 ? null : await response.json();
  if (!response.ok) throw new Error(body?.detail ?? `status ${response.status}`);
  return body;
}

export const status = () => call('/api/super-vm/status');
export const vms = () => call('/api/vms');
export const tasks = () => call('/api/tasks?limit=20');
export const datasets = () => call('/api/datasets');
export const events = () => call('/api/events?since=1h');
export const signOut = () => call('/api/session', { method: 'DELETE' });
