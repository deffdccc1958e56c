import { expect, test } from 'vitest';
import type { InstanceSpec, TcpRoute } from '../../kinds/generated/types.ts';
import { listenerRoutes } from './listeners.ts';

const machine = {
  runtime: {
    sandbox: {
      containers: [
        {
          name: 'main',
          image: 'docker.io/library/nginx:1.29',
          ports: [
            { name: 'http', port: 8000 },
            { name: 'also-http', port: 8000 },
            { name: 'admin', port: 9000 },
            { name: 'dns', port: 53, protocol: 'UDP' },
          ],
        },
      ],
    },
  },
} as unknown as InstanceSpec;

const to = (names: string[], ...listeners: string[]): TcpRoute => ({
  rules: [{ backendRefs: names.map((name) => ({ name })) }],
  ...(listeners.length === 0 ? {} : { parentRefs: listeners.map((sectionName) => ({ sectionName })) }),
});

test.each<[string, TcpRoute[], Record<string, number[]>]>([
  ['no route leads nowhere', [], { a: [], b: [] }],
  ['a route without parents serves every listener', [to(['http'])], { a: [8000], b: [8000] }],
  ['a route with parents serves those alone', [to(['http'], 'a')], { a: [8000], b: [] }],
  ['routes of one listener add up', [to(['http']), to(['admin'], 'b')], { a: [8000], b: [8000, 9000] }],
  ['two names of one port are one target', [to(['http', 'also-http'])], { a: [8000], b: [8000] }],
  ['a name that no port has leads nowhere', [to(['other'])], { a: [], b: [] }],
  ['a port of another protocol is none', [to(['dns'])], { a: [], b: [] }],
])('%s', (_, tcpRoutes, ports) => {
  const listeners = [
    { name: 'a', port: 80, protocol: 'TCP' as const },
    { name: 'b', port: 443, protocol: 'TCP' as const },
  ];
  const routes = listenerRoutes({ template: { spec: { listeners } }, tcpRoutes }, machine);
  expect(Object.fromEntries(routes.map(({ name, targets }) => [name, targets.map(({ port }) => port)]))).toEqual(ports);
});
