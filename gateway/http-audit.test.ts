import { auditServer } from 'graphql-http';
import { expect, test } from 'vitest';
import { csrfHeaders } from './plugins/use-csrf.ts';
import { testGateway, testToken } from '../test/support/gateway.ts';

test('the GraphQL-over-HTTP audit passes every MUST and SHOULD', async () => {
  const { url } = await testGateway();
  const results = await auditServer({
    url,
    fetchFn: (input: string, init: RequestInit = {}) => {
      const headers = new Headers(init.headers);
      headers.set('authorization', `Bearer ${testToken}`);
      headers.set(csrfHeaders[0], '1');
      return fetch(input, { ...init, headers });
    },
  });
  const failed = results.flatMap((result) => (result.status === 'ok' ? [] : [`${result.name}: ${result.reason}`]));
  expect(failed.filter((line) => /^(MUST|SHOULD)/.test(line))).toEqual([]);
  expect(results.length).toBeGreaterThan(50);
});
