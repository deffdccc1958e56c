import { expect, test } from 'vitest';
import { readPath } from './path.ts';

const net = { to: 'resource', group: 'n.io', version: 'v1', plural: 'networks' };

test.each([
  ['/api', { to: 'document' }],
  ['/api/v1', { to: 'document' }],
  ['/apis/n.io/v1/', { to: 'document' }],
  ['/openapi/v3/apis/n.io/v1', { to: 'document' }],
  ['/apis/n.io/v1/networks', { ...net, namespace: '' }],
  ['/apis/n.io/v1/networks/', { ...net, namespace: '' }],
  ['/apis/n.io/v1/namespaces/a/networks', { ...net, namespace: 'a' }],
  ['/apis/n.io/v1/namespaces/a/networks/b', { ...net, namespace: 'a', name: 'b' }],
  ['/apis/n.io/v1/namespaces/a/networks/b/status', { ...net, namespace: 'a', name: 'b', subresource: 'status' }],
  ['/apis/n.io/v1/namespaces/a/networks/b/status/x', { to: 'nowhere', group: 'n.io' }],
  ['/api/v1/namespaces', { to: 'resource', group: '', plural: 'namespaces', namespace: '' }],
  ['/api/v1/namespaces/a', { to: 'resource', plural: 'namespaces', namespace: '', name: 'a' }],
  ['/api/v1/namespaces/a/finalize', { plural: 'namespaces', name: 'a', subresource: 'finalize' }],
  ['/api/v1/namespaces/a/secrets', { plural: 'secrets', namespace: 'a' }],
  ['/api/v1//namespaces', { to: 'nowhere', group: '' }],
  ['/api/v1/namespaces/../../etc', { to: 'nowhere' }],
  ['/api/v1/namespaces/a/configmaps/a%2Fb', { to: 'nowhere' }],
])('%s', (path, route) => {
  expect(readPath(path)).toMatchObject(route);
});

test.each(['/api/v1/namespaces/a/configmaps/%25', '/api/v1/namespaces/a/configmaps/%zz', '/api/v1/secrets/%ff'])(
  '%s is refused',
  (path) => {
    expect(() => readPath(path)).toThrow(expect.objectContaining({ status: expect.objectContaining({ code: 400 }) }));
  },
);
