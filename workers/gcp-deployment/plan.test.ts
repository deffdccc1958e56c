import { expect, test } from 'vitest';
import { fixture, textOf } from '../../test/support/fixture.ts';
import { leftovers } from '../gcp-objects/firewalls/firewall-set.ts';
import { policyVerdicts, wantedPolicies } from './plan.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import type { Stage } from '../gcp-objects/stage.ts';

const by = { project: 'default', controller: 'gcp-deployment' };
const network = { network: fixture('Network', 'net', { spec: { ipFamilies: ['IPv4'] } }), members: [] };
const uid = '0b6ff1a4-6a0f-4c5b-9a38-0a9d8a9e8f10';

function deployment(...interfaces: readonly (readonly object[])[]) {
  const containers = [{ name: 'a', image: 'x', ports: [{ name: 'http', port: 8000 }] }];
  const networkInterfaces = interfaces.map((ingress) => ({ network: { name: 'net' }, networkPolicy: { ingress } }));
  return fixture('WorkloadDeployment', 'web', {
    metadata: { uid },
    spec: { template: { spec: { runtime: { sandbox: { containers } }, networkInterfaces } } },
  });
}

const open = { ports: [{ port: 22 }] };
const holed = { ports: [{ port: 'http' }], from: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } }] };

test('each interface has firewalls of its own, with one tag each', () => {
  const { firewalls } = wantedPolicies(deployment([open], [open, holed]), [network, network], 'p', by);
  const [allow, deny] = (['allow', 'deny'] as const).map((action) =>
    firewalls.filter(({ rule }) => rule.action === action),
  );
  expect(allow?.map(({ body }) => body.targetTags)).toEqual([
    [`deployment-${uid}-net-0`],
    [`deployment-${uid}-net-1`],
    [`deployment-${uid}-net-1`],
  ]);
  expect(deny?.map(({ body }) => [body.priority, body.targetTags, body.denied])).toEqual([
    [65_533, [`deployment-${uid}-net-1`], [{ IPProtocol: 'tcp', ports: ['8000'] }]],
  ]);
});

test('the same rules give the same names in any order, other rules give others', () => {
  const names = (...rules: object[]) =>
    wantedPolicies(deployment(rules), [network], 'p', by)
      .firewalls.map(({ name }) => name)
      .toSorted();
  expect(names(open, holed)).toEqual(names(holed, open));
  expect(names(open, open)).toEqual(names(open));
  expect(names({ ports: [{ port: 23 }] })).not.toEqual(names(open));
});

test('an interface whose network is not there yet has none', () => {
  expect(wantedPolicies(deployment([open], [open]), [undefined, network], 'p', by).firewalls).toHaveLength(1);
});

test('a port that nobody names is a problem with its path, and the others are followed', () => {
  const { firewalls, problems } = wantedPolicies(deployment([{ ports: [{ port: 'nope' }] }, open]), [network], 'p', by);
  expect(firewalls).toHaveLength(1);
  expect(problems).toEqual([
    'spec.template.spec.networkInterfaces[0].networkPolicy.ingress[0].ports[0]: no TCP port of the template is named "nope"',
  ]);
  expect(policyVerdicts(deployment(), [], problems).map(textOf)).toEqual([
    `PolicyProgrammed=False RuleNotFollowed: ${problems[0]}`,
  ]);
});

function row(name: string, action: string, account = 'p'): CloudResource {
  return {
    name,
    account,
    scope: 'global',
    type: 'compute.firewalls',
    facts: { action },
    error: { code: 'X', class: 'quota', message: 'M' },
  } as unknown as CloudResource;
}

test('what is left over is what nobody wants here', () => {
  const { firewalls } = wantedPolicies(deployment([holed]), [network], 'p', by);
  const kept = row(firewalls[0]?.name ?? '', 'allow');
  const elsewhere = row(kept.name, 'allow', 'q');
  expect(leftovers([kept, elsewhere, row('old', 'deny')], firewalls)).toEqual([elsewhere, row('old', 'deny')]);
});

test('the condition is only there once something was wrong', () => {
  const failed: Stage = {
    at: 'failed',
    row: row('f', 'allow'),
    failure: { code: 'X', class: 'quota', message: 'M' },
    retryAt: new Date('2026-11-22T10:00:00Z'),
  };
  const ready: Stage = { at: 'ready', row: row('f', 'allow') };
  const said = fixture('WorkloadDeployment', 'web', { conditions: ['PolicyProgrammed=False FirewallNotProgrammed'] });
  expect(policyVerdicts(deployment(), [ready], [])).toEqual([]);
  expect(policyVerdicts(deployment(), [failed], []).map(textOf)).toEqual([
    'PolicyProgrammed=False FirewallNotProgrammed: projects/p/global/firewalls/f: X: M (next attempt at 2026-11-22T10:00:00Z). A quota of the Google project is used up; a higher one can be asked for in its console',
  ]);
  expect(policyVerdicts(said, [{ at: 'waiting' }], [])).toEqual([]);
  expect(policyVerdicts(said, [ready], []).map(textOf)).toEqual([
    'PolicyProgrammed=True Programmed: All rules are in force',
  ]);
});
