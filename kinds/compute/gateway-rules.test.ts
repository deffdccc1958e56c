import { expect, test } from 'vitest';
import type { InstanceSpec, WorkloadGateway } from '../generated/types.ts';
import { gatewayProblems } from './gateway-rules.ts';

const ports = [
  { name: 'http', port: 80 },
  { name: 'https', port: 443, protocol: 'TCP' },
  { name: 'dns', port: 53, protocol: 'UDP' },
];
const machine = { runtime: { virtualMachine: { ports } } } as unknown as InstanceSpec;
const leadingTo = (name: string): WorkloadGateway => ({
  template: { spec: { listeners: [{ name: 'public', port: 80, protocol: 'TCP' }] } },
  tcpRoutes: [{ rules: [{ backendRefs: [{ name }] }] }],
});

test.each([
  ['http', []],
  ['https', []],
  ['dns', ['FieldValueInvalid']],
  ['other', ['FieldValueNotFound']],
])('a route to port %s: %j', (name, reasons) => {
  const problems = gatewayProblems('spec.gateway', leadingTo(name), machine);
  expect(problems.map(({ reason }) => reason)).toEqual(reasons);
  for (const { path } of problems) expect(path).toBe('spec.gateway.tcpRoutes[0].rules[0].backendRefs[0].name');
});
