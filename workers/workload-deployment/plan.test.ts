import { describe, expect, test } from 'vitest';
import type { Instance, NetworkBinding, SubnetClaim } from '../../kinds/generated/types.ts';
import { fixture, ownedByFixture, textOf } from '../../test/support/fixture.ts';
import { claimIndexLabel, interfaceIndexLabel } from '../objects/labels.ts';
import { bindingSteps } from './binding-steps.ts';
import { claimSteps, type ContextView } from './claim-steps.ts';
import { availability, countsOf } from './deployment-status.ts';
import { instanceObject, isGated, withoutGate } from './instance-object.ts';

const location = { name: 'dfw', namespace: 'infra' };
const going = { deletionTimestamp: '2026-01-02T00:00:00Z' };
const interfaces = (...networks: string[]): object => ({
  networkInterfaces: networks.map((name) => ({ network: { name } })),
});
const deployment = fixture('WorkloadDeployment', 'web', {
  spec: {
    workloadRef: { name: 'w', uid: 'w-uid' },
    template: { metadata: { labels: { tier: 'a' } }, spec: interfaces('front', 'back') },
  },
  status: { location },
});

describe('bindings', () => {
  /** `0:front` is the binding of interface 0; `~` when it is going. */
  function binding(text: string): NetworkBinding {
    const [, index = '', name = '', state] = /^(\d):(\w+)(~?)$/.exec(text) ?? [];
    return fixture('NetworkBinding', text, {
      metadata: { labels: { [interfaceIndexLabel]: index }, ...(state === '~' ? going : {}) },
      spec: { network: { name }, location },
    });
  }

  test.each([
    ['one per interface', '', [], '+0:front +1:back'],
    ['none when all are there', '0:front 1:back', [], ''],
    ['one that is going is waited for', '0:front~ 1:back', [], ''],
    ['one of an interface that is no more goes', '0:front 1:back 2:third', [], '-2:third'],
    ['one of a network that was left goes', '0:old 1:back', [], '+0:front -0:old'],
    ['but not while an instance is there', '0:old 1:back', ['old'], '+0:front'],
    ['unless another binding keeps the network', '0:front 1:back 2:front', ['front'], '-2:front'],
  ])('%s', (_case, present, used, expected) => {
    const bindings = present.split(' ').filter(Boolean).map(binding);
    const instances = used.map((network) => fixture('Instance', network, { spec: interfaces(network) }));
    const { create, remove } = bindingSteps(deployment, bindings, instances);
    const steps = [
      ...create.map(({ index, network }) => `+${index}:${network.name}`),
      ...remove.map(({ metadata }) => `-${metadata.name}`),
    ];
    expect(steps.join(' ')).toBe(expected);
  });

  test('each interface has its own, those of other locations do not count', () => {
    const elsewhere = fixture('NetworkBinding', 'b', {
      metadata: { labels: { [interfaceIndexLabel]: '0' } },
      spec: { network: { name: 'front' }, location: { name: 'lhr', namespace: 'infra' } },
    });
    const back = binding('1:back');
    const steps = bindingSteps(deployment, [elsewhere, back], []);
    expect(steps.current).toEqual([undefined, back]);
    expect(steps.create).toEqual([{ index: 0, network: { namespace: 'default', name: 'front' } }]);
    expect(steps.remove).toEqual([elsewhere]);
  });
});

describe('claims', () => {
  const context = { namespace: 'default', name: 'c' };

  const conditionOfState: Readonly<Record<string, string>> = {
    '+': 'Ready=True',
    '!': 'Ready=True',
    '?': 'Ready=False NotYetImplemented: not yet',
  };

  /** `0:IPv4+` is a ready claim, `-` one that waits, `!` one that is full, `~` one that is going, `?` one not implemented. */
  function view(families: ContextView['families'], present: string): ContextView {
    const full = new Set<string>();
    const claims = present
      .split(' ')
      .filter(Boolean)
      .map((text): SubnetClaim => {
        const [, index = '', ipFamily = '', state = ''] = /^(\d):(IPv\d)(.)$/.exec(text) ?? [];
        if (state === '!') full.add(`c-${index}-uid`);
        return fixture('SubnetClaim', `c-${index}`, {
          metadata: {
            labels: { [claimIndexLabel]: index },
            ownerReferences: [ownedByFixture('NetworkContext', 'c')],
            ...(state === '~' ? going : {}),
          },
          spec: { subnetClass: 'private', ipFamily },
          conditions: [conditionOfState[state] ?? 'Ready=False RangeExhausted: no room'],
        });
      });
    return { context, subnetClass: 'private', families, claims, full };
  }

  test.each<[string, ContextView['families'], string, string, string | undefined]>([
    ['the first', ['IPv4'], '', '0:IPv4', 'Waiting for an IPv4 subnet in c'],
    ['one per family', ['IPv4', 'IPv6'], '', '0:IPv4 1:IPv6', 'Waiting for an IPv4 subnet in c'],
    ['a family that is new', ['IPv4', 'IPv6'], '0:IPv4+', '1:IPv6', 'Waiting for an IPv6 subnet in c'],
    ['none when all are ready', ['IPv4', 'IPv6'], '0:IPv4+ 1:IPv6+', '', undefined],
    ['what is refused is waited for', ['IPv4'], '0:IPv4-', '', 'SubnetClaim c-0: no room'],
    ['the next when the last is full', ['IPv4'], '0:IPv4!', '1:IPv4', undefined],
    ['a family that is not implemented keeps nobody waiting', ['IPv4', 'IPv6'], '0:IPv4+ 1:IPv6?', '', undefined],
    ['what can come is waited for first', ['IPv6', 'IPv4'], '0:IPv6? 1:IPv4-', '', 'SubnetClaim c-1: no room'],
    ['a family that is alone is waited for', ['IPv6'], '0:IPv6?', '', 'SubnetClaim c-0: not yet'],
    ['no other while the next waits', ['IPv4'], '0:IPv4! 1:IPv4-', '', undefined],
    ['an IPv6 one for each IPv4 one', ['IPv4', 'IPv6'], '0:IPv4! 1:IPv6+ 2:IPv4+', '3:IPv6', undefined],
    ['the next after the next', ['IPv4'], '0:IPv4! 1:IPv4!', '2:IPv4', undefined],
    [
      'one that is going does not count, but its name does',
      ['IPv4'],
      '0:IPv4~',
      '1:IPv4',
      'Waiting for an IPv4 subnet in c',
    ],
  ])('%s', (_case, families, present, create, waitingFor) => {
    const steps = claimSteps(view(families, present));
    expect(steps.create.map(({ index, family }) => `${index}:${family}`).join(' ')).toBe(create);
    expect(steps.waitingFor).toBe(waitingFor);
  });

  test("users' claims and those of other classes are not shared", () => {
    const mine = fixture('SubnetClaim', 'mine', {
      spec: { subnetClass: 'private', ipFamily: 'IPv4' },
      conditions: ['Ready=True'],
    });
    const owned = { ownerReferences: [ownedByFixture('NetworkContext', 'c')] };
    const other = fixture('SubnetClaim', 'o', {
      metadata: owned,
      spec: { subnetClass: 'public', ipFamily: 'IPv4' },
      conditions: ['Ready=True'],
    });
    expect(
      claimSteps({ context, subnetClass: 'private', families: ['IPv4'], claims: [mine, other], full: new Set() })
        .create,
    ).toHaveLength(1);
  });
});

describe('status', () => {
  const instance = (name: string, hash: string, ...conditions: string[]): Instance =>
    fixture('Instance', name, {
      status: {
        controller: { observedTemplateHash: hash },
        conditions: fixture('Instance', name, { conditions }).status?.conditions,
      },
    });

  test('counts', () => {
    const instances = [
      instance('a', 'new', 'Programmed=True', 'Ready=True'),
      instance('b', 'old', 'Programmed=True', 'Ready=True'),
      instance('c', 'new', 'Programmed=False ProvisioningSecret'),
      fixture('Instance', 'd', { metadata: going, conditions: ['Ready=True'] }),
    ];
    expect(countsOf(4, 'new', instances)).toEqual({
      replicas: 3,
      currentReplicas: 1,
      desiredReplicas: 4,
      readyReplicas: 2,
    });
  });

  const counts = { replicas: 2, currentReplicas: 0, desiredReplicas: 2, readyReplicas: 0 };
  test.each([
    [
      'ready',
      { ...counts, readyReplicas: 1 },
      [],
      undefined,
      'Available=True StableInstanceFound: 1/2 instances are ready',
    ],
    [
      'ready, although the network lacks something',
      { ...counts, readyReplicas: 1 },
      [],
      'x',
      'Available=True StableInstanceFound: 1/2 instances are ready',
    ],
    ['network', counts, [], 'NetworkNotFound: no', 'Available=False ProvisioningNetwork: NetworkNotFound: no'],
    [
      'instances',
      counts,
      [instance('a', '', 'Programmed=False ProvisioningSecret: x')],
      undefined,
      'Available=False ProvisioningInstances: 0/2 instances are ready',
    ],
    [
      'failing',
      counts,
      [instance('a', '', 'Programmed=False QuotaExceeded: CPUS')],
      undefined,
      'Available=False ProvisioningInstances: 0/2 instances are ready; a: QuotaExceeded: CPUS',
    ],
  ])('Available: %s', (_case, of, instances, waitingFor, expected) => {
    expect(textOf(availability(of, instances, { waitingFor }))).toBe(expected);
  });
});

test('an instance has the labels of its template and its place, and its gate falls once', () => {
  const made = instanceObject(deployment, {
    namespace: 'default',
    ordinal: 3,
    template: deployment.spec.template,
    templateHash: 'h',
    gated: true,
  });
  expect(made).toMatchObject({
    metadata: {
      labels: {
        tier: 'a',
        'compute.datumapis.com/workload-uid': 'w-uid',
        'compute.datumapis.com/workload-deployment-uid': 'web-uid',
        'compute.datumapis.com/instance-index': '3',
      },
    },
    spec: { location, controller: { templateHash: 'h', schedulingGates: [{ name: 'Network' }] } },
  });
  const gates = [{ name: 'Mine' }, { name: 'Network' }];
  const gated = fixture('Instance', 'i', { spec: { controller: { templateHash: 'h', schedulingGates: gates } } });
  const open = withoutGate(gated);
  expect(open?.spec.controller?.schedulingGates).toEqual([{ name: 'Mine' }]);
  expect([isGated(gated), open && isGated(open), open && withoutGate(open)]).toEqual([true, false, undefined]);
});
