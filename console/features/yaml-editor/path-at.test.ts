import { expect, test } from 'vitest';
import { placeAt } from './path-at.ts';

const text = `apiVersion: v1
spec:
  placements:
  - name: us
    cityCodes:
      - DFW
      - |
    scaleSettings:
      minReplicas: 1
  - name: eu
  template:
    spec:
      |
`;

test.each<[string, string, (string | number)[], 'key' | 'value']>([
  ['at the top', '|', [], 'key'],
  ['below a key', 'spec:\n  |', ['spec'], 'key'],
  ['behind a key', 'spec:\n  ipam:\n    mode: |', ['spec', 'ipam', 'mode'], 'value'],
  ['beside another key', 'spec:\n  mtu: 1\n  |', ['spec'], 'key'],
  ['back at the left', 'spec:\n  mtu: 1\n|', [], 'key'],
  ['in the first item', 'list:\n- |', ['list', 0], 'key'],
  ['in the second item', 'list:\n- name: a\n- |', ['list', 1], 'key'],
  ['in an item, on its second line', 'list:\n  - name: a\n    |', ['list', 0], 'key'],
  ['after a nested list', 'a:\n  b:\n  - c: 1\n    d:\n    - 1\n  |', ['a'], 'key'],
  [
    'in an item of a list of values',
    text.slice(0, text.indexOf('|') + 1),
    ['spec', 'placements', 0, 'cityCodes', 1],
    'key',
  ],
  ['after a list', text.replace('- |', '- DLS'), ['spec', 'template', 'spec'], 'key'],
])('%s', (_, marked, path, at) => {
  const position = marked.indexOf('|');
  expect(placeAt(marked.replace('|', ''), position)).toEqual({ path, at });
});
