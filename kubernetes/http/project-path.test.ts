import { expect, test } from 'vitest';
import { readProjectPath } from './project-path.ts';

const long = '/apis/resourcemanager.miloapis.com/v1alpha1';
const ours = '/apis/resourcemanager.datumapis.com/v1alpha1';

test.each([
  ['', '/api/v1/namespaces'],
  [long, '/apis/n.io/v1/namespaces/a/networks/b'],
  [ours, '/openapi/v3'],
  [long, '/'],
])('%s/projects/shop/control-plane%s', (group, path) => {
  const prefix = `${group}/projects/shop/control-plane`;
  expect(readProjectPath(prefix + path)).toEqual({ project: 'shop', prefix, path });
});

test('without a slash at its end it is the root of the control plane', () => {
  expect(readProjectPath('/projects/shop/control-plane')).toMatchObject({ path: '/' });
});

test('a prefix within a prefix leads nowhere', () => {
  expect(readProjectPath('/projects/a/control-plane/projects/b/control-plane/api')).toMatchObject({
    project: 'a',
    path: '/projects/b/control-plane/api',
  });
});

test.each([
  '/api/v1/namespaces',
  '/projects/shop',
  '/projects//control-plane/api',
  '/projects/a/b/control-plane',
  '/projects/shop/control-planes/api',
  '/x/projects/shop/control-plane/api',
  `${ours}/projects/shop/status`,
  '/apis/resourcemanager.example.com/v1alpha1/projects/shop/control-plane',
  '/organizations/acme/control-plane/api',
])('%s has none', (path) => {
  expect(readProjectPath(path)).toBeUndefined();
});
