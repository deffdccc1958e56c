import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Identity } from '../identity.ts';
import type { Ground } from './ground.ts';
import { createSessionPool, type FindGone } from './session-pool.ts';
import { whileValid } from './while-valid.ts';

const log = pino({ level: 'silent' });

/** A pool that looks only when it is told to. */
function pool(options: Partial<Parameters<typeof createSessionPool>[0]> = {}) {
  const gone = new Set<string>();
  const asked: string[][] = [];
  const used: string[] = [];
  const findGone: FindGone = async (grounds) => {
    asked.push(grounds.map(({ fingerprint }) => fingerprint).toSorted());
    return new Set([...grounds.keys()].filter((index) => gone.has(grounds[index]?.fingerprint ?? '')));
  };
  const made = createSessionPool({
    findGone,
    log,
    lookEveryMs: 3_600_000,
    onUse: ({ user }) => void used.push(user),
    ...options,
  });
  onTestFinished(made.close);
  const keep = (user: string, more: Partial<Identity> = {}): Identity =>
    made.keep(user, { identity: identity(user, more), ground: ground(user) }, performance.now());
  return { ...made, keep, gone, asked, used };
}

const identity = (user: string, more: Partial<Identity> = {}): Identity => ({
  user,
  groups: [],
  project: 'default',
  ...more,
});
const ground = (fingerprint: string): Ground => ({ fingerprint, objects: [] });

test('what goes is forgotten, and whoever follows it is told once', async () => {
  const { asked, gone, get, keep, look, used } = pool();
  const ann = keep('ann');
  keep('bob');
  const ended = vi.fn();
  whileValid(ann, ended);
  whileValid(ann, ended);
  const left = vi.fn();
  whileValid(ann, left)();
  await look();
  expect(get('ann')).toBe(ann);
  gone.add('ann');
  await look();
  expect(ended).toHaveBeenCalledTimes(2);
  expect(left).not.toHaveBeenCalled();
  expect(get('ann')).toBeUndefined();
  // Only what was used since, or is followed, is asked about.
  expect(asked).toEqual([['ann', 'bob'], ['ann']]);
  expect(used).toEqual(['ann', 'bob', 'ann']);
  await look();
  expect(ended).toHaveBeenCalledTimes(2);
  // Who comes later is told at once.
  const late = vi.fn();
  whileValid(ann, late);
  expect(late).toHaveBeenCalledTimes(1);
});

test('a followed credential is looked after although nobody uses it, and although it was forgotten before', async () => {
  const { asked, gone, keep, look } = pool({ staleMs: 0 });
  const ann = keep('ann');
  await look();
  await look();
  expect(asked).toEqual([['ann']]);
  const ended = vi.fn();
  whileValid(ann, ended);
  await look();
  await look();
  expect(asked).toEqual([['ann'], ['ann'], ['ann']]);
  gone.add('ann');
  await look();
  expect(ended).toHaveBeenCalledTimes(1);
});

test('what was looked at too long ago has to be proven again, and is then the same', () => {
  const { get, keep } = pool({ staleMs: 20 });
  const ann = keep('ann');
  expect(get('ann')).toBe(ann);
  const until = performance.now() + 25;
  while (performance.now() < until);
  expect(get('ann')).toBeUndefined();
  expect(keep('ann')).toBe(ann);
  expect(get('ann')).toBe(ann);
});

test('when it cannot be found out, what is open stays, and nothing is taken after a while', async () => {
  let isDown = false;
  const { get, keep, look } = pool({
    staleMs: 20,
    findGone: async () => {
      if (isDown) throw new Error('the database is away');
      return new Set();
    },
  });
  const ann = keep('ann');
  const ended = vi.fn();
  whileValid(ann, ended);
  isDown = true;
  await expect(look()).rejects.toThrow('away');
  const until = performance.now() + 25;
  while (performance.now() < until);
  expect(get('ann')).toBeUndefined();
  expect(ended).not.toHaveBeenCalled();
});

test('there are never too many, and those with open connections stay', () => {
  const { get, keep } = pool({ most: 10 });
  const followed = keep('followed');
  whileValid(followed, () => {});
  for (let index = 0; index < 100; index += 1) keep(`u${index}`);
  expect(get('followed')).toBe(followed);
  expect(get('u99')).toBeDefined();
  expect(get('u0')).toBeUndefined();
  expect(
    Array.from({ length: 100 }, (_, index) => get(`u${index}`)).filter((found) => found !== undefined),
  ).toHaveLength(9);
});

test('an end in time comes by itself, also one that no timer can hold', async () => {
  const ended = vi.fn();
  whileValid(identity('past', { expiresAtMs: Date.now() - 1 }), ended);
  expect(ended).toHaveBeenCalledTimes(1);
  const soon = Promise.withResolvers<void>();
  const started = performance.now();
  whileValid(identity('soon', { expiresAtMs: Date.now() + 100 }), soon.resolve);
  await soon.promise;
  expect(performance.now() - started).toBeGreaterThan(90);
  const far = vi.fn();
  const stop = whileValid(identity('far', { expiresAtMs: Date.now() + 400 * 24 * 3_600_000 }), far);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(far).not.toHaveBeenCalled();
  stop();
  const without = vi.fn();
  whileValid(identity('always'), without)();
  expect(without).not.toHaveBeenCalled();
});

test('an expired credential is forgotten, and its followers are told by time', async () => {
  const { get, keep, look } = pool();
  const brief = keep('brief', { expiresAtMs: Date.now() + 30 });
  const ended = Promise.withResolvers<void>();
  whileValid(brief, ended.resolve);
  await ended.promise;
  expect(get('brief')).toBeUndefined();
  await look();
  expect(get('brief')).toBeUndefined();
});
