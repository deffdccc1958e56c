import { randomBytes } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import type { Caller } from '../identity.ts';
import { gatewayCalls } from './gateway-calls.ts';

const caller: Caller = {
  identity: { user: 'alice', groups: ['team'], project: 'shop', session: { follow: () => () => {} } },
  requestId: 'r1',
  origin: { door: 'graphql', address: '10.0.0.1' },
};
const keys = [randomBytes(32)];

afterEach(() => void vi.useRealTimers());

test('what a gateway signed is taken as it was, without what cannot be sent', () => {
  const { text, signature } = gatewayCalls(keys).sign('/core', caller, { query: '{ a }' });
  expect(gatewayCalls(keys).verify('/core', text, signature)).toEqual({
    caller: { ...caller, identity: { user: 'alice', groups: ['team'], project: 'shop' } },
    content: { query: '{ a }' },
  });
});

test('anything else is not taken', () => {
  const calls = gatewayCalls(keys);
  const { text, signature } = calls.sign('/core', caller);
  const [at = '', mac = ''] = signature.split('.');
  const other = `${mac[0] === 'A' ? 'B' : 'A'}${mac.slice(1)}`;
  expect(calls.verify('/core', text.replace('alice', 'admin'), signature), 'another caller').toBeUndefined();
  expect(calls.verify('/compute', text, signature), 'another place').toBeUndefined();
  expect(calls.verify('/core', text, `${Number(at) + 1}.${mac}`), 'another time').toBeUndefined();
  for (const wrong of [undefined, '', '.', at, `${at}.`, `${at}.${other}`, `${at}.${mac}x`, `-1.${mac}`])
    expect(calls.verify('/core', text, wrong), wrong).toBeUndefined();
  expect(gatewayCalls([randomBytes(32)]).verify('/core', text, signature), 'another key').toBeUndefined();
  expect(gatewayCalls().verify('/core', text, signature), 'no key').toBeUndefined();
});

test('a signature ends, and one of a clock far ahead never begins', () => {
  const calls = gatewayCalls(keys);
  const { text, signature } = calls.sign('/core', caller);
  vi.useFakeTimers({ now: Date.now() + 31_000 });
  expect(calls.verify('/core', text, signature)).toBeUndefined();
  vi.setSystemTime(Date.now() - 62_000);
  expect(calls.verify('/core', text, signature)).toBeUndefined();
});

test('a key can be changed: the old one is taken, the new one used', () => {
  const fresh = randomBytes(32);
  const before = gatewayCalls(keys).sign('/core', caller);
  const both = gatewayCalls([fresh, ...keys]);
  expect(both.verify('/core', before.text, before.signature)).toBeDefined();
  const after = both.sign('/core', caller);
  expect(gatewayCalls([fresh]).verify('/core', after.text, after.signature)).toBeDefined();
});
