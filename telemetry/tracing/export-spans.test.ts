import { expect, it, onTestFinished } from 'vitest';
import { eventually } from '../../test/support/graphql.ts';
import { startCollector } from '../../test/support/otlp-collector.ts';
import { exportSpans } from './export-spans.ts';
import type { EndedSpan } from './span.ts';

const span = (name: string): EndedSpan => ({
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
  parentSpanId: undefined,
  name,
  kind: 'server',
  startMs: 1_800_000_000_000.25,
  endMs: 1_800_000_000_001,
  attributes: { text: 'a', count: 2, part: 0.5, yes: true },
  links: [],
  failure: undefined,
});

async function start() {
  const collector = await startCollector();
  const troubles: { readonly error: unknown; readonly dropped: number }[] = [];
  const spans = exportSpans({
    url: `${collector.origin}/v1/traces`,
    headers: { 'x-key': 'k' },
    service: { 'service.name': 'datum', 'datum.roles': 'gateway' },
    onTrouble: (error, dropped) => troubles.push({ error, dropped }),
  });
  onTestFinished(() => spans.close());
  return { collector, spans, troubles };
}

it('sends what was traced as OTLP wants it, by itself and when it closes', async () => {
  const { collector, spans } = await start();
  spans.add(span('first'));
  const [first] = await eventually(
    async () => collector.spans,
    (all) => all.length === 1,
  );
  expect(first).toMatchObject({
    name: 'first',
    kind: 2,
    startTimeUnixNano: '1800000000000250000',
    endTimeUnixNano: '1800000000001000000',
    attributes: { text: 'a', count: '2', part: '0.5', yes: 'true' },
    roles: 'gateway',
  });
  spans.add(span('second'));
  await spans.close();
  expect(collector.spans.map(({ name }) => name)).toEqual(['first', 'second']);
  expect(collector.headers[0]?.['x-key']).toBe('k');
});

it('sends again what a collector could not take, and not what it refused', async () => {
  const { collector, spans, troubles } = await start();
  collector.answerWith(503);
  spans.add(span('kept'));
  await eventually(
    async () => troubles,
    (all) => all.length === 1,
  );
  expect(collector.spans).toEqual([]);
  collector.answerWith(200);
  await eventually(
    async () => collector.spans,
    (all) => all.length === 1,
  );
  collector.answerWith(400);
  const before = collector.headers.length;
  spans.add(span('refused'));
  await eventually(
    async () => collector.headers,
    (all) => all.length > before,
  );
  collector.answerWith(200);
  await spans.close();
  expect(collector.spans.map(({ name }) => name)).toEqual(['kept']);
});

it('holds no more than it may while nobody listens', async () => {
  const { collector, spans } = await start();
  collector.answerWith(503);
  for (let count = 0; count < 10_000; count += 1) spans.add(span(String(count)));
  await eventually(
    async () => collector.headers,
    (all) => all.length > 0,
  );
  collector.answerWith(200);
  await eventually(
    async () => collector.spans,
    (all) => all.length === 8192,
  );
  await spans.close();
  expect(collector.spans).toHaveLength(8192);
});
