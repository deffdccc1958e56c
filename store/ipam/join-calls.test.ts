import { expect, it } from 'vitest';
import { joinCalls } from './join-calls.ts';

it('sends a first call alone and at once, and those that come meanwhile together', async () => {
  const batches: number[][] = [];
  const call = joinCalls<number, number>(
    () => 'one',
    async (calls) => {
      batches.push([...calls]);
      await new Promise(setImmediate);
      return calls.map((n) => n * 2);
    },
  );
  expect(await Promise.all([1, 2, 3, 4].map(call))).toEqual([2, 4, 6, 8]);
  expect(batches).toEqual([[1], [2, 3, 4]]);
  expect(await call(5)).toBe(10);
});

it('keeps keys apart', async () => {
  const batches: string[][] = [];
  const call = joinCalls<string, string>(
    (key) => key,
    async (calls) => {
      batches.push([...calls]);
      return calls;
    },
  );
  await Promise.all(['a', 'b', 'a', 'b'].map(call));
  expect(batches).toEqual([['a'], ['b'], ['a'], ['b']]);
});

it('lets a bad call fail alone', async () => {
  const call = joinCalls<number, number>(
    () => 'one',
    async (calls) => {
      if (calls.includes(3)) throw new Error('three');
      return calls;
    },
  );
  const answers = await Promise.allSettled([1, 2, 3, 4].map(call));
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
});
