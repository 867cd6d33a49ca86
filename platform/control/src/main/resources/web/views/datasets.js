import { bytes, element, table } from './dom.js';

const LOOKS = { READY: 'good', LOSSY: 'bad' };

export function renderDatasets({ datasets }) {
  document.getElementById('datasets').replaceChildren(table([
    ['Name', (dataset) => dataset.datasetId],
    ['State', (dataset) => element('span', dataset.state, { class: LOOKS[dataset.state] ?? 'warn' })],
    ['Size', (dataset) => bytes(dataset.sizeBytes)],
    ['Chunks', (dataset) => dataset.chunks],
    ['Copies', (dataset) => dataset.backups + 1],
    ['Strategy', (dataset) => dataset.strategy],
  ], datasets, 'No datasets yet.'));
}
