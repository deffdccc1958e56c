import { afterEach, expect, it } from 'vitest';
import {
  continueTrace,
  currentSpan,
  type EndedSpan,
  enterTrace,
  failureName,
  outsideSpans,
  runIn,
  setTracing,
  traceOfLog,
} from './span.ts';

const client = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';

function record(ratio = 1): EndedSpan[] {
  const ended: EndedSpan[] = [];
  setTracing({ ratio, onEnd: (span) => ended.push(span) });
  return ended;
}

afterEach(() => setTracing(undefined));

it('nothing is begun while nothing is traced', () => {
  expect(enterTrace('door', { parent: client })).toBeUndefined();
  expect(continueTrace('step', { parent: client })).toBeUndefined();
  expect(currentSpan()).toBeUndefined();
  expect(traceOfLog()).toEqual({});
});

it('spans of one trace are children of one another, and are told once', async () => {
  const ended = record();
  const door = enterTrace('door', { kind: 'server', parent: client, attributes: { a: 1 } });
  if (door === undefined) throw new Error('no span');
  await runIn(door, async () => {
    await Promise.resolve();
    expect(traceOfLog()).toEqual({ traceId });
    const step = continueTrace('step', { parent: currentSpan()?.traceparent, links: [client, 'nonsense'] });
    step?.end({ b: true }, 'Conflict');
    step?.end();
    outsideSpans(() => expect(currentSpan()).toBeUndefined());
  });
  expect(currentSpan()).toBeUndefined();
  door.end();
  expect(ended).toMatchObject([
    {
      name: 'step',
      traceId,
      parentSpanId: door.spanId,
      attributes: { b: true },
      failure: 'Conflict',
      links: [{ traceId }],
    },
    { name: 'door', traceId, parentSpanId: '00f067aa0ba902b7', attributes: { a: 1 }, failure: undefined, links: [] },
  ]);
  for (const { startMs, endMs } of ended) expect(endMs).toBeGreaterThanOrEqual(startMs);
});

it('a client decides whether its trace is recorded, the ratio whether one begins here', () => {
  record(0);
  expect(enterTrace('door', { parent: client })?.traceId).toBe(traceId);
  expect(enterTrace('door', {})).toBeUndefined();
  record(1);
  expect(enterTrace('door', { parent: client.replace(/1$/, '0') })).toBeUndefined();
  expect(enterTrace('door', {})?.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
});

it.each([
  '',
  'nonsense',
  client.slice(1),
  client.toUpperCase(),
  client.replace('4bf92f3577b34da6a3ce929d0e0e4736', '0'.repeat(32)),
  client.replace('00f067aa0ba902b7', '0'.repeat(16)),
  client.replace(/^00/, 'ff'),
  `${client}-${'x'.repeat(100_000)}`,
  `${client}"}`,
])('what is no traceparent begins no trace of that name: %s', (parent) => {
  record(1);
  expect(continueTrace('step', { parent })).toBeUndefined();
  expect(enterTrace('door', { parent })?.traceId).not.toBe(traceId);
});

it('a failure is told by its name, never by what it says', () => {
  expect(failureName(Object.assign(new Error('password=1'), { code: 'ETIMEDOUT' }))).toBe('ETIMEDOUT');
  expect(failureName(new TypeError('password=1'))).toBe('TypeError');
  expect(failureName('password=1')).toBe('Error');
});
