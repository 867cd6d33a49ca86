// The only place where elements are made. Everything from outside becomes text, never markup.

export function element(tag, text, attributes = {}) {
  const node = document.createElement(tag);
  if (text !== null && text !== undefined) node.textContent = String(text);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

export function table(columns, rows, empty) {
  if (rows.length === 0) return element('p', empty, { class: 'dim' });
  const head = element('thead');
  const titles = head.appendChild(element('tr'));
  columns.forEach(([title]) => titles.append(element('th', title, { scope: 'col' })));
  const body = element('tbody');
  for (const row of rows) {
    const line = body.appendChild(element('tr'));
    for (const [title, cell] of columns) {
      const content = cell(row);
      const field = line.appendChild(element('td', null, { 'data-label': title }));
      field.append(content instanceof Node ? content : element('span', content ?? '–'));
    }
  }
  const whole = element('table');
  whole.append(head, body);
  return whole;
}

export const percent = (share) => (share === null || share === undefined ? '–' : `${Math.round(share * 100)} %`);

export function bytes(count) {
  if (count === null || count === undefined) return '–';
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let value = count;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toFixed(unit === 0 || value >= 100 ? 0 : 1)} ${units[unit]}`;
}

export const time = (iso) => (iso ? new Date(iso).toLocaleTimeString() : '–');
