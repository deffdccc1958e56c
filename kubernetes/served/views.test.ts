import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Read } from '../../kinds/admit.ts';
import { checkObject } from '../../kinds/check-object.ts';
import type { Resource } from '../../kinds/object.ts';
import { builtInRegistry } from '../../kinds/registry.ts';
import type { Served } from './served.ts';
import { servedResources } from './served-resources.ts';

// What a real Kubernetes API server answered. It lies beside the repository, not in it.
const golden = new URL('../../../shared/golden/kubernetes/cases/', import.meta.url);
const present = existsSync(golden);
if (!present) console.warn('Golden answers skipped: ../shared/golden/kubernetes is not beside the repository');

const resources = servedResources(builtInRegistry().all());
const noObjects: Read = { list: () => Promise.resolve([]), get: () => Promise.resolve(undefined) };

interface Case {
  readonly id: string;
  readonly method?: string;
  readonly path: string;
  readonly body?: Resource;
  readonly answer: { readonly status: number; readonly body: Resource };
}

function read(topic: string): Case[] {
  const text = readFileSync(new URL(`${topic}.json`, golden), 'utf8').replaceAll('{{ns}}', 'golden');
  return (JSON.parse(text) as { cases: Case[] }).cases;
}

function servedAt(path: string): Served | undefined {
  const [, root, ...rest] = path.split('/');
  const [group = '', version = '', ...below] = root === 'api' ? ['', ...rest] : rest;
  return resources.find(group, version, below.length === 1 ? (below[0] ?? '') : (below[2] ?? ''));
}

/** Metadata that is the store's to give is left out. */
function comparable(object: Resource): object {
  const { name, namespace, labels, annotations, finalizers } = object.metadata;
  const metadata = { name, namespace, labels, annotations, finalizers };
  return JSON.parse(JSON.stringify({ ...object, metadata })) as object;
}

describe.skipIf(!present)('created objects of built-in kinds are shown as recorded', () => {
  const cases = (present ? ['builtin', 'crud', 'fields', 'table'] : []).flatMap(read).flatMap((each) => {
    const served = each.method === 'POST' && !each.path.includes('?') ? servedAt(each.path) : undefined;
    if (each.answer.status !== 201 || served?.style !== 'built-in' || served.stored === undefined) return [];
    if (each.answer.body.apiVersion === undefined || each.body?.metadata.name === undefined) return [];
    return [[`${each.id} ${served.kind}`, each.body, each.answer.body, served] as const];
  });

  test('there are enough', () => {
    expect(cases.length).toBeGreaterThan(25);
  });

  test.each(cases)('%s', async (_name, sent, answer, served) => {
    const { view, stored, namespaced } = served;
    const metadata = { ...sent.metadata, ...(namespaced && { namespace: answer.metadata.namespace }) };
    const taken = view?.inward({ ...sent, metadata }) ?? { ...sent, metadata };
    // Only stored resources are among the cases.
    const { object, problems } = await checkObject(stored!, taken, undefined, noObjects);
    expect(problems).toEqual([]);
    expect(view?.problems?.(object, undefined) ?? []).toEqual([]);
    expect(comparable(view?.outward(object) ?? object)).toEqual(comparable(answer));
    // What is shown is taken back as what it is.
    const back = view?.inward(view.outward(object)) ?? object;
    expect((await checkObject(stored!, back, object, noObjects)).object).toEqual(object);
  });
});

const event = {
  apiVersion: 'events.k8s.io/v1',
  kind: 'Event',
  metadata: { name: 'e', namespace: 'golden' },
  eventTime: '2024-01-01T00:00:00.000000Z',
  reportingController: 'example.com/c',
  reportingInstance: 'i',
  action: 'Do',
  reason: 'R',
  regarding: { kind: 'ConfigMap', name: 'x', namespace: 'golden' },
  note: 'n',
  type: 'Normal',
} as unknown as Resource;

describe('events at events.k8s.io', () => {
  const view = resources.find('events.k8s.io', 'v1', 'events')?.view;
  const core = resources.find('', 'v1', 'events')?.view;

  test.each([
    [{ type: 'Odd' }, 'type', 'Invalid value: "": has invalid value: Odd'],
    [{ eventTime: null }, 'eventTime', 'Required value'],
    [{ deprecatedCount: 1 }, 'count', 'Invalid value: "": needs to be unset'],
    [{ series: { count: 1, lastObservedTime: 't' } }, 'series.count', 'Invalid value: "": should be at least 2'],
    [{ series: { count: 2 } }, 'series.lastObservedTime', 'Required value'],
  ])('%j is refused at %s', (change, path, message) => {
    const sent = Object.assign({}, event, change);
    expect(view?.problems?.(view.inward(sent), undefined)).toMatchObject([{ path, message }]);
  });

  test('nothing but the series of an event changes', () => {
    const stored = view!.inward(event);
    const change = (fields: object) => view!.problems!(view!.inward(Object.assign({}, event, fields)), stored);
    expect(change({ series: { count: 2, lastObservedTime: '2024-01-01T00:00:05.000000Z' } })).toEqual([]);
    expect(change({ note: 'other' })).toMatchObject([
      { path: 'message', message: 'Invalid value: "other": field is immutable' },
    ]);
  });

  test('selectors have the names of their version', () => {
    expect(view?.selector?.('regarding.name')).toBe('involvedObject.name');
    expect(view?.selector?.('metadata.name')).toBe('metadata.name');
    expect(view?.selector?.('involvedObject.name')).toBeUndefined();
    expect(core?.selector?.('involvedObject.name')).toBe('involvedObject.name');
    expect(core?.selector?.('source')).toBe('source.component');
    expect(core?.selector?.('source.component')).toBeUndefined();
  });

  test('managed fields keep the names of the version by which they were written', () => {
    const entry = { manager: 'm', operation: 'Update' as const, fieldsType: 'FieldsV1' as const };
    const managedFields = [
      { ...entry, apiVersion: 'v1', fieldsV1: { 'f:message': {}, 'f:count': {} } },
      { ...entry, apiVersion: 'events.k8s.io/v1', fieldsV1: { 'f:message': {}, 'f:type': {} } },
    ];
    const stored = view!.inward(event);
    stored.metadata.managedFields = managedFields;
    for (const each of [core!, view!]) {
      const shown = each.outward(stored);
      expect(shown.metadata.managedFields?.map(({ fieldsV1 }) => Object.keys(fieldsV1))).toEqual([
        ['f:message', 'f:count'],
        ['f:note', 'f:type'],
      ]);
      expect(each.inward(shown).metadata.managedFields).toEqual(managedFields);
    }
  });
});
