import { expect, test } from 'vitest';
import { requestIdOf } from './request-id.ts';

test('request ids are uuids of version 5, the same for the same attempt only', () => {
  const call = { resource: 'compute.networks/p/global/n', verb: 'insert', generation: 1, attempt: 0 };
  expect(requestIdOf(call)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(requestIdOf(call)).toBe(requestIdOf({ ...call }));
  const others = [{ attempt: 1 }, { generation: 2 }, { verb: 'delete' }, { resource: 'x' }].map((change) =>
    requestIdOf({ ...call, ...change }),
  );
  expect(new Set([...others, requestIdOf(call)]).size).toBe(5);
});
