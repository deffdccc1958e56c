import { EventEmitter } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { Identity } from '../identity.ts';
import { createAddresses } from './addresses.ts';
import { limitsOf } from './limits.ts';
import { createRequestLimits } from './request-limits.ts';
import { TooMany } from './too-many.ts';

const alice: Identity = { user: 'alice', groups: ['system:authenticated'], project: 'default' };
const admin: Identity = { user: 'admin', groups: ['system:masters'], project: 'default' };
const tight = { perSecond: 0.001, burst: 2 };

function spendAll(limits: ReturnType<typeof createRequestLimits>, identity: Identity): number {
  for (let count = 0; ; count += 1) {
    try {
      limits.spend(identity, 'read');
    } catch (error) {
      expect(error).toBeInstanceOf(TooMany);
      expect((error as TooMany).retryAfterSecs).toBe(300);
      return count;
    }
  }
}

test('each identity and each activity has a budget of its own', () => {
  const limits = createRequestLimits({ settings: { standard: { read: tight } } });
  expect(spendAll(limits, alice)).toBe(2);
  expect(spendAll(limits, { ...alice, user: 'bob' })).toBe(2);
  expect(() => limits.spend(alice, 'write')).not.toThrow();
});

test('nobody gets a second budget by another project, credential or role', () => {
  const limits = createRequestLimits({ settings: { standard: { read: tight } } });
  expect(spendAll(limits, alice)).toBe(2);
  expect(spendAll(limits, { ...alice, project: 'other', credential: 'token:second', groups: [] })).toBe(0);
  const bob: Identity = { user: 'bob', groups: [], project: 'default', impersonator: 'alice' };
  expect(spendAll(limits, bob), 'whoever acts as somebody else pays').toBe(0);
  expect(spendAll(limits, { ...bob, impersonator: 'carol' })).toBe(2);
});

test('service accounts of two projects with one name are two', () => {
  const limits = createRequestLimits({ settings: { standard: { read: tight } } });
  const robot = { ...alice, user: 'system:serviceaccount:default:robot' };
  expect(spendAll(limits, { ...robot, boundTo: 'one' })).toBe(2);
  expect(spendAll(limits, { ...robot, boundTo: 'two' })).toBe(2);
  expect(spendAll(limits, { ...robot, boundTo: 'two' })).toBe(0);
});

test('masters are bounded too, and single users have limits of their own', () => {
  const limits = createRequestLimits({
    settings: {
      standard: { read: tight },
      masters: { read: { ...tight, burst: 5 } },
      users: { bob: { read: { ...tight, burst: 7 } } },
    },
  });
  expect(spendAll(limits, admin)).toBe(5);
  expect(spendAll(limits, { ...alice, user: 'admin' }), 'a user of that name who is no master').toBe(2);
  expect(spendAll(limits, { ...alice, user: 'bob' })).toBe(7);
  expect(spendAll(limits, { ...alice, user: '__proto__' })).toBe(2);
});

test('what is charged is paid by the next', () => {
  const limits = createRequestLimits();
  limits.charge(alice, 'read', 1_000_000);
  expect(() => limits.spend(alice, 'read')).toThrow(TooMany);
});

test('a connection counts once for each identity, until it closes', () => {
  const limits = createRequestLimits({ settings: { standard: { connections: 1 } } });
  const open = () => Object.assign(new EventEmitter(), { destroyed: false, destroy() {} });
  const first = open();
  limits.useConnection(alice, first);
  limits.useConnection(alice, first);
  expect(() => limits.useConnection(alice, open())).toThrow(TooMany);
  limits.useConnection({ ...alice, user: 'bob' }, first);
  first.emit('close');
  const second = open();
  limits.useConnection(alice, second);
  expect(() => limits.useConnection({ ...alice, user: 'bob' }, open())).not.toThrow();
});

test('watches are limited for one and in all', () => {
  const limits = createRequestLimits({ settings: { standard: { watches: 2 }, server: { watches: 3 } } });
  const first = limits.openWatch(alice);
  limits.openWatch(alice);
  expect(() => limits.openWatch(alice)).toThrow('at most 2 for one');
  limits.openWatch(admin);
  expect(() => limits.openWatch(admin)).toThrow('at most 3 in all');
  first();
  first();
  limits.openWatch(admin);
  expect(() => limits.openWatch(alice)).toThrow('at most 3 in all');
});

test('addresses: new connections, open ones and requests of nobody', () => {
  const { server } = limitsOf({
    server: { connectionsPerAddress: 2, newConnections: { perSecond: 0.001, burst: 3 }, anonymous: tight },
  });
  const addresses = createAddresses(server);
  const first = addresses.connect('10.0.0.1');
  expect(addresses.connect('::ffff:10.0.0.1'), 'the same address').toBeTypeOf('function');
  expect(addresses.connect('10.0.0.1'), 'too many open').toBeUndefined();
  first?.();
  expect(addresses.connect('10.0.0.1'), 'too many in a short time').toBeUndefined();
  expect(addresses.connect('10.0.0.2')).toBeTypeOf('function');
  expect(addresses.isSuspect('2001:db8::1')).toBe(false);
  addresses.spend('2001:db8::1');
  addresses.spend('2001:db8:0:0:1::2');
  expect(() => addresses.spend('2001:db8::3'), 'all of one /64').toThrow(TooMany);
  expect(addresses.isSuspect('2001:db8::4')).toBe(true);
  expect(addresses.isSuspect('2001:db8:0:1::4')).toBe(false);
});

test('whoever does not stop asking is told late, but not when that would have a large body read', async () => {
  const limits = createRequestLimits();
  for (let count = 0; count < 100; count += 1) expect(limits.turnAway(alice, 3_000_000), 'at once').toBe(true);
  expect(limits.turnAway(alice, 3_000_000), 'not at all').toBe(false);
  const late = limits.turnAway(alice, 1_000);
  expect(late).toBeInstanceOf(Promise);
  expect(await late).toBe(true);
});

test('accounts of many who came once are not kept for ever', () => {
  const limits = createRequestLimits();
  const used = (): number => {
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
    return process.memoryUsage().heapUsed / 1024 / 1024;
  };
  const before = used();
  for (let index = 0; index < 200_000; index += 1) limits.spend({ ...alice, user: `user-${index}` }, 'review');
  for (let index = 0; index < 100_000; index += 1)
    limits.addresses.spend(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`);
  const grown = used() - before;
  limits.spend(alice, 'review');
  expect(grown).toBeLessThan(120);
});

test('a request within its limits costs a microsecond, and some more where much else runs', async () => {
  const limits = createRequestLimits();
  const rounds = 200_000;
  const turn = async (): Promise<void> => {
    limits.spend(admin, 'read', 0);
    const entered = limits.enter(admin);
    const release = typeof entered === 'function' ? entered : await entered;
    release();
  };
  for (let index = 0; index < 10_000; index += 1) await turn();
  const startMs = performance.now();
  for (let index = 0; index < rounds; index += 1) await turn();
  const each = ((performance.now() - startMs) / rounds) * 1000;
  console.log(`limits cost ${each.toFixed(2)} µs a request`);
  expect(each).toBeLessThan(30);
});
