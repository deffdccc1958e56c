import { afterEach, expect, it } from 'vitest';
import { asAdmin, testStore } from '../../test/support/store.ts';
import { type EndedSpan, setTracing } from '../../telemetry/tracing/span.ts';
import { builtInRegistry } from '../../kinds/registry.ts';
import { recordOfChange } from '../audit/record-of-change.ts';
import type { Change } from '../types.ts';
import { withTrace } from './trace-in-origin.ts';

const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

afterEach(() => setTracing(undefined));

it('readers of the log are told the trace of a write, beside where it came from', async () => {
  const spans: EndedSpan[] = [];
  setTracing({ ratio: 1, onEnd: (span) => spans.push(span) });
  const { store } = await testStore();
  const from = await store.revision();
  const create = (name: string, more: object) =>
    store.create({ ...asAdmin, ...more }, 'ConfigMap', { metadata: { name, namespace: 'default' } });
  await create('own', { trace });
  await create('of-a-client', { trace, origin: () => '{"door":"graphql"}' });
  await create('bare', { trace, origin: () => '{}' });
  await create('untraced', { origin: () => '{"door":"graphql"}' });

  const stop = new AbortController();
  const seen: Change[] = [];
  for await (const batch of store.changes(from, stop.signal)) {
    seen.push(...batch);
    if (seen.length === 4) stop.abort();
  }
  const told = new Map(seen.map((change) => [change.key.name, change.trace]));
  const written = new Map(spans.map((span) => [span.attributes['datum.name'], span]));
  for (const name of ['own', 'of-a-client', 'bare'])
    expect(told.get(name), name).toBe(`00-4bf92f3577b34da6a3ce929d0e0e4736-${written.get(name)?.spanId}-01`);
  expect(told.get('untraced')).toBeUndefined();
  expect(written.get('own')).toMatchObject({ name: 'store create ConfigMap', parentSpanId: '00f067aa0ba902b7' });
});

it('audit does not take it for a part of who wrote', () => {
  const row = {
    revision: '1',
    type: 'D' as const,
    project: 'default',
    kind: 'ConfigMap',
    namespace: 'default',
    name: 'n',
    uid: 'u',
    object: '{}',
    previous: null,
    actor: 'olga',
    manager: 'm',
    request_id: null,
    at: new Date(0),
  };
  const told = (origin: string | null) =>
    recordOfChange(builtInRegistry().byId, undefined as never, { ...row, origin });
  for (const origin of ['{"door":"graphql","address":"::1"}', null])
    expect(told(withTrace(origin, trace))).toEqual(told(origin));
});
