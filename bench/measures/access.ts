import { pino } from 'pino';
import type { Authenticate } from '../../access/authenticate.ts';
import type { Authority } from '../../access/authorise.ts';
import { builtInRoles } from '../../access/builtin-roles.ts';
import type { Identity } from '../../access/identity.ts';
import { createRequestLimits } from '../../access/limits/request-limits.ts';
import { createPolicies, type Policies, type RuleObject } from '../../access/rbac/policies.ts';
import { createKeyRing } from '../../access/tokens/key-ring.ts';
import { serviceAccountTokens } from '../../access/tokens/service-account-tokens.ts';
import { startGateway } from '../../gateway/start-gateway.ts';
import type { Resource } from '../../kinds/object.ts';
import { builtInRegistry } from '../../kinds/registry.ts';
import { embeddedSubgraphs } from '../../subgraphs/embedded.ts';
import { httpLoad } from '../support/http-load.ts';
import { percentile, row, type Row } from '../support/row.ts';
import { asBench, withStore } from '../support/store.ts';

const rounds = 12;
const requests = 600;
/** With the 2 % that knowing who asks may add (authentication.ts) it stays within 10 %. */
const mostWithRules = 1.08;
const project = 'default';
const ann: Identity = { user: 'ann', groups: ['team-1', 'system:authenticated'], project };
const unlimited = { read: { perSecond: 1_000_000, burst: 1_000_000 }, requests: 64 };
const query = '{ network(namespace: "default", name: "net") { id metadata { name } spec { mtu } } }';
const wanted = { verb: 'get', group: 'networking.datumapis.com', version: 'v1alpha', resource: 'networks' };

/** What it costs to decide: reads of one who is known, with no rules, with few, and with 10,000 bindings. */
export async function measure(): Promise<Row[]> {
  const few = rulesOf(10);
  const many = rulesOf(10_000);
  return withStore(async ({ store, audit, inventory, credentials }) => {
    await store.create(asBench, 'Network', {
      metadata: { name: 'net', namespace: 'default' },
      spec: { ipam: { mode: 'Auto' } },
    });
    const log = pino({ level: 'error' });
    const authenticate: Authenticate = () => Promise.resolve(ann);
    const serviceAccounts = serviceAccountTokens({
      keys: createKeyRing(credentials.signingKeys),
      issuer: 'https://bench',
      store,
    });
    const registry = builtInRegistry();
    const start = (authority: Authority) =>
      startGateway({
        host: '127.0.0.1',
        port: 0,
        authenticate,
        ...embeddedSubgraphs({ store, audit, inventory, registry, authority, serviceAccounts, log }),
        log,
        limits: createRequestLimits({ settings: { users: { ann: unlimited } } }),
      });
    const gateways = await Promise.all([anything, few, many].map(start));
    const ratios: Record<'few' | 'many', number[]> = { few: [], many: [] };
    let last = 0;
    for (let round = -1; round < rounds; round += 1) {
      const rates: number[] = [];
      // Each in turn, so that none is measured on a busier machine.
      for (const { url } of gateways)
        rates.push(
          await httpLoad({ url, token: 'ann', body: JSON.stringify({ query }), total: requests, clients: 16 }),
        );
      const [without = 0, withFew = 0, withMany = 0] = rates;
      if (round < 0) continue;
      ratios.few.push(without / withFew);
      ratios.many.push(withMany / withFew);
      last = withMany;
    }
    await Promise.all(gateways.map((each) => each.close()));
    return [
      row('simple query with rules, 10,000 bindings', last, '/s'),
      row('the same without rules, to that with 10 bindings', percentile(ratios.few, 0.5), '×', {
        atMost: mostWithRules,
      }),
      row('with 10,000 bindings, to that with 10', percentile(ratios.many, 0.5), '×', { atLeast: 0.95 }),
      row('decisions, 10 bindings', decisions(few), '/s'),
      row('decisions, 10,000 bindings', decisions(many), '/s'),
      row('first decision after a rule changed, 10,000 bindings', firstDecisionMs(many), 'ms', { atMost: 5 }),
    ];
  });
}

/** An authority that is never asked anything it has to think about. */
const anything: Authority = {
  ...createPolicies(),
  authorise: () => ({ allowed: true, reason: '' }),
  namespacesFor: () => 'all',
};

/** A project with so many bindings, each to a group and a namespace of its own, and one for those who are measured. */
function rulesOf(count: number): Policies {
  const policies = createPolicies();
  const object = (kind: RuleObject['kind'], namespace: string, name: string, content: object): RuleObject => ({
    project,
    kind,
    key: { namespace, name },
    object: content as Resource,
  });
  const binding = (index: number): RuleObject =>
    object('RoleBinding', index === 1 ? 'default' : `n-${index}`, `b-${index}`, {
      subjects: [{ kind: 'Group', name: `team-${index}` }],
      roleRef: { kind: 'ClusterRole', name: 'view' },
    });
  policies.replace([
    ...builtInRoles(builtInRegistry()).map((role) => object('ClusterRole', '', role.metadata.name, role)),
    ...Array.from({ length: count }, (_, index) => binding(index + 1)),
  ]);
  return policies;
}

function decisions(policies: Policies): number {
  const total = 500_000;
  const start = performance.now();
  for (let at = 0; at < total; at += 1) policies.authorise(ann, { ...wanted, namespace: 'default', name: 'net' });
  return total / ((performance.now() - start) / 1000);
}

function firstDecisionMs(policies: Policies): number {
  const times = Array.from({ length: 50 }, (_, index) => {
    const key = { namespace: `x-${index}`, name: 'r' };
    policies.apply([{ project, kind: 'Role', key, object: { rules: [] } as unknown as Resource }]);
    const start = performance.now();
    policies.authorise(ann, { ...wanted, namespace: 'default', name: 'net' });
    return performance.now() - start;
  });
  return percentile(times, 0.5);
}
