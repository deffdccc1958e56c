import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ConfigMap, InstanceSpec } from '../../kinds/generated/types.ts';
import { maxSecretBytes } from '../clouds/gcp/secrets.ts';
import { filesOf, mostParts, partsOf, spilledConfigMaps } from './spill.ts';

function mapOf(data: Record<string, string>, binaryData: Record<string, string> = {}): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { uid: 'u', name: 'c' }, data, binaryData } as ConfigMap;
}

const specOf = (...names: string[]) =>
  ({ volumes: names.map((name, index) => ({ name: `v${index}`, configMap: { name } })) }) as unknown as InstanceSpec;

test('the largest config maps leave the metadata until the others fit, and nothing leaves without need', () => {
  const sizes: Record<string, number> = { a: 60_000, b: 60_000, c: 20_000, gone: 0 };
  const found = new Map(
    Object.entries(sizes).map(([name, size]) => [name, size === 0 ? undefined : mapOf({ k: 'x'.repeat(size) })]),
  );
  const spilled = (...names: string[]) => [...spilledConfigMaps(specOf(...names), found)];
  expect(spilled('a', 'b', 'gone')).toEqual([]);
  expect(spilled('a', 'b', 'c')).toEqual(['a']);
  expect(spilled('c', 'b', 'a', 'b')).toEqual(['b']);
  expect(spilled('b', 'a', 'b', 'c', 'a')).toEqual(['a', 'b']);
});

test('the parts together are the files, whatever is in them, and each fits into a version', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string({ unit: 'binary', maxLength: 100 })), (data) => {
      const map = mapOf(data);
      expect(JSON.parse(gunzipSync(Buffer.concat(partsOf(map))).toString())).toEqual(filesOf(map));
    }),
    { numRuns: 100 },
  );
  const noise = Buffer.from(Array.from({ length: 1_100_000 }, (_, index) => (index * 2_654_435_761) >>> 13));
  const parts = partsOf(mapOf({}, { noise: noise.toString('base64') }));
  expect(parts.every(({ length }) => length <= maxSecretBytes)).toBe(true);
  expect(parts.length).toBeLessThan(mostParts);
});
