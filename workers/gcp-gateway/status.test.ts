import { expect, test } from 'vitest';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import type { CloudType } from '../clouds/gcp/cloud-types.ts';
import type { Stage } from '../gcp-objects/stage.ts';
import type { Piece } from './apply.ts';
import { programmed } from './status.ts';

const row = { account: 'acme', scope: 'global', type: 'compute.backendServices', name: 'gateway' } as CloudResource;
const ready: Stage = { at: 'ready', row };
const waiting: Stage = { at: 'waiting' };
const failed: Stage = {
  at: 'failed',
  failure: { code: 'quotaExceeded', class: 'quota', message: 'M' },
  retryAt: new Date('2026-11-23T10:00:00Z'),
  row,
};
const order: CloudType[] = [
  'compute.globalAddresses',
  'compute.firewalls',
  'compute.healthChecks',
  'compute.networkEndpointGroups',
  'compute.backendServices',
  'compute.targetTcpProxies',
  'compute.globalForwardingRules',
];
const route = { name: 'public', port: 80, targets: [{ name: 'http', port: 8000 }] };

function told(stages: readonly Stage[], { machines = 2, routes = [route], leaving = [] as Piece[] } = {}): string {
  const pieces = stages.map((stage, index) => ({ type: order[index] ?? 'compute.globalForwardingRules', stage }));
  const { status, reason, message } = programmed({
    routes,
    machines,
    balancers: [{ address: '192.0.2.1', pieces, leaving }],
  });
  return `${status} ${reason}: ${message}`;
}

const all = order.map((): Stage => ready);

test.each([
  [0, 'ListenerAddressNotReady'],
  [1, 'FirewallNotReady'],
  [2, 'HealthCheckNotReady'],
  [3, 'BackendServiceNotReady'],
  [4, 'BackendServiceNotReady'],
  [5, 'TargetTCPProxyNotReady'],
  [6, 'ForwardingRuleNotReady'],
])('the first piece that is not there is what a gateway waits for (%i: %s)', (index, reason) => {
  expect(told(all.with(index, waiting))).toMatch(new RegExp(`^False ${reason}: Waiting for `));
  expect(told(all.slice(0, index).concat(index < order.length - 1 ? [waiting] : []))).toMatch(`False ${reason}`);
});

test('what the cloud refused is told with its code', () => {
  expect(told(all.with(4, failed))).toMatch(/^False QuotaExceeded: projects\/acme\/.* quotaExceeded: M /);
});

test('a gateway that leads nowhere does not say that it serves', () => {
  expect(told(all, { machines: 0 })).toMatch(/^False BackendServiceNotReady: Waiting for the first machine/);
  expect(told(all, { routes: [{ ...route, targets: [] }] })).toMatch(
    /^False RouteNotFound: No route leads from public/,
  );
});

test('a gateway that serves says so, and what of it cannot be taken away', () => {
  expect(told(all)).toBe('True GatewayResourcesReady: Connections to ports 80 are led to 2 machines');
  const leaving = [{ type: 'compute.networkEndpointGroups' as const, stage: failed }];
  expect(told(all, { leaving, machines: 1 })).toMatch(/^True .* 1 machine; not needed any more: .*quotaExceeded/);
});
