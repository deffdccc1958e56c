import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { checkObject } from '../check-object.ts';
import type { Location } from '../generated/types.ts';
import type { Resource } from '../object.ts';
import { builtInRegistry } from '../registry.ts';
import { allRows } from './all-rows.ts';
import { patched, readFixture, valid, type Fixture } from './fixture.ts';

// Every validation rule of every kind, a row each.

const registry = builtInRegistry();

const fixtures = Object.keys(valid) as Fixture[];
const flat = fixtures.flatMap((fixture) =>
  allRows[fixture].map((each) => [`${fixture} ${JSON.stringify(each.patch).slice(0, 90)}`, fixture, each] as const),
);

describe('rules', () => {
  test('every kind has rows', () => {
    expect(fixtures.filter((fixture) => !allRows[fixture].length)).toEqual([]);
    expect(
      registry
        .all()
        .map((kind) => kind.id)
        .filter((id) => !Object.hasOwn(allRows, id)),
    ).toEqual([]);
  });

  test.each(fixtures)('a valid %s has no problem', async (fixture) => {
    const checked = await checkObject(registry.get(valid[fixture].kind), patched(fixture, {}), undefined, readFixture);
    expect(checked).toMatchObject({ problems: [], unknown: [], warnings: [] });
  });

  test.each(flat)('%s', async (_name, fixture, { patch, before, path, reason, message }) => {
    const kind = registry.get(valid[fixture].kind);
    const previous = before && (await checkObject(kind, patched(fixture, before), undefined, readFixture)).object;
    const { problems } = await checkObject(kind, patched(fixture, patch), previous, readFixture);
    expect(problems).toEqual([{ path, reason, message: expect.stringContaining(message) as string }]);
    expect(problems[0]?.message.startsWith(message)).toBe(true);
  });

  test('what a rule about other objects refuses does not hinder a change of metadata', async () => {
    const kind = registry.get('Workload');
    const nowhere = { ...readFixture, list: () => Promise.resolve([]) };
    const { object } = await checkObject(kind, patched('Workload', {}), undefined, readFixture);
    const labelled = { ...object, metadata: { ...object.metadata, labels: { a: 'b' } } };
    expect((await checkObject(kind, labelled, object, nowhere)).problems).toEqual([]);
    expect((await checkObject(kind, labelled, undefined, nowhere)).problems).toHaveLength(1);
  });

  test('the samples are valid as they are', async () => {
    const folder = new URL('../../examples/samples/', import.meta.url);
    const objects = readdirSync(folder)
      .filter((file) => file.endsWith('.yaml'))
      .flatMap((file) =>
        parseAllDocuments(readFileSync(new URL(file, folder), 'utf8')).map((each) => each.toJS() as Resource),
      );
    const locations = objects.filter((object) => object.kind === 'Location') as Location[];
    const read = { ...readFixture, list: () => Promise.resolve(locations as never[]) };
    expect(objects.length).toBeGreaterThan(5);
    for (const object of objects) {
      const checked = await checkObject(registry.get(object.kind), object, undefined, read);
      expect(checked).toMatchObject({ problems: [], unknown: [] });
    }
  });
});
