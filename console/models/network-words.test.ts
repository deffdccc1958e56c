import { expect, test } from 'vitest';
import type { NetworkPolicy, NetworkPolicySpec, Workload, WorkloadDeployment } from '../../sdk/main.ts';
import { consumersOf } from './consumers.ts';
import { instance, network } from './model-objects.fixture.ts';
import { directionsOf, rulesOf, selectorText } from './policy-words.ts';

const policy = (spec: Partial<NetworkPolicySpec>): NetworkPolicy =>
  ({ metadata: { name: 'p' }, spec: { network: { name: 'net' }, ...spec } }) as unknown as NetworkPolicy;

test('rules are told in words', () => {
  const rules = rulesOf(
    policy({
      ingress: [
        {
          ports: [{ port: 443 }, { protocol: 'UDP', port: 53, endPort: 60 }],
          from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }],
        },
        {},
      ],
      egress: [{ ports: [{ protocol: 'SCTP' }], to: [{ instanceSelector: { matchLabels: { tier: 'db' } } }] }],
    }),
  );
  expect(rules).toEqual([
    { direction: 'Ingress', ports: 'TCP 443, UDP 53–60', peers: '10.0.0.0/8 except 10.1.0.0/16' },
    { direction: 'Ingress', ports: 'all ports', peers: 'everyone' },
    { direction: 'Egress', ports: 'all SCTP ports', peers: 'instances with tier=db' },
  ]);
});

test('a policy is about what it names, else what it has rules for, else what comes in', () => {
  expect(directionsOf(policy({ policyTypes: ['Egress'], ingress: [{}] }))).toEqual(['Egress']);
  expect(directionsOf(policy({ ingress: [{}], egress: [{}] }))).toEqual(['Ingress', 'Egress']);
  expect(directionsOf(policy({}))).toEqual(['Ingress']);
});

test('selectors are told as they are typed', () => {
  const matchExpressions = [
    { key: 'env', operator: 'In', values: ['a', 'b'] },
    { key: 'old', operator: 'DoesNotExist' },
    { key: 'new', operator: 'Exists' },
    { key: 'zone', operator: 'NotIn', values: ['c'] },
  ] as const;
  expect(selectorText({ matchLabels: { tier: 'edge' }, matchExpressions: [...matchExpressions] as never })).toBe(
    'tier=edge, env in (a, b), !old, new, zone not in (c)',
  );
  expect(selectorText(undefined)).toBe('all instances');
});

test('who uses a network is told once, by the one that stands for the others', () => {
  const owned = (name: string, uid: string) => {
    const made = instance(name, '10.128.0.2');
    return { ...made, metadata: { ...made.metadata, ownerReferences: [{ uid, controller: true } as never] } };
  };
  const of = (name: string, to: string): Workload =>
    ({
      metadata: { name, namespace: 'default', uid: `uid-${name}` },
      spec: { template: { spec: { networkInterfaces: [{ network: { name: to } }] } } },
    }) as unknown as Workload;
  const deployment = { metadata: owned('d', 'uid-web').metadata } as unknown as WorkloadDeployment;
  const users = consumersOf(network(), {
    workloads: [of('web', 'net'), of('far', 'other')],
    deployments: [deployment],
    instances: [owned('web-0', 'uid-d'), owned('web-1', 'uid-d'), instance('alone', '10.128.0.9')],
    bindings: [
      { metadata: owned('b', 'uid-d').metadata, spec: { network: { name: 'net' }, location: { name: 'dfw' } } },
      {
        metadata: { name: 'own', namespace: 'default' },
        spec: { network: { name: 'net' }, location: { name: 'lhr' } },
      },
      { metadata: { name: 'far', namespace: 'far' }, spec: { network: { name: 'net' }, location: { name: 'lhr' } } },
    ] as never,
  });
  expect(users.map(({ kind, name, use }) => `${kind} ${name}: ${use}`)).toEqual([
    'Instance alone: on its own',
    'NetworkBinding own: in lhr',
    'Workload web: 2 instances',
  ]);
});
