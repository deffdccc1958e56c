import { expect, test } from 'vitest';
import { adminToken } from './authenticate.ts';

test('exactly the token, as a bearer, proves the admin', async () => {
  const authenticate = adminToken('the-admin-token');
  for (const good of ['Bearer the-admin-token', 'bearer the-admin-token', 'Bearer  the-admin-token ']) {
    expect(await authenticate(good), good).toEqual({
      user: 'admin',
      groups: ['system:masters', 'system:authenticated'],
      project: 'default',
    });
  }
  const wrong = [
    '',
    'the-admin-token',
    'Bearer',
    'Bearer ',
    'Bearer the-admin-toke',
    'Bearer the-admin-token x',
    'Basic the-admin-token',
  ];
  for (const bad of [undefined, ...wrong]) expect(await authenticate(bad), bad).toBeUndefined();
});
