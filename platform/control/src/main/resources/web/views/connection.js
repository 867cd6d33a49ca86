export function renderConnection({ connected, seen }) {
  document.getElementById('disconnected').hidden = connected !== false;
  document.getElementById('seen').textContent = seen ? seen.toLocaleTimeString() : 'before';
  document.querySelector('main').classList.toggle('dim', connected === false);
}
