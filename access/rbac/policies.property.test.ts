import { expect, test } from 'vitest';
import type { Resource } from '../../kinds/object.ts';
import { seeded, sized } from '../../test/support/scale.ts';
import type { Identity } from '../identity.ts';
import { uncovered } from './cover.ts';
import { createPolicies, type RuleObject } from './policies.ts';

// A second evaluator, as simple as the rules of RBAC can be written down, without index, compilation or memory.

interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

interface World {
  readonly roles: Map<string, readonly Rule[]>;
  readonly bindings: Map<
    string,
    { namespace: string; subjects: readonly any[]; roleRef: { kind: string; name: string } }
  >;
}

interface Asked {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

function reference(world: World, { user, groups }: Identity, asked: Asked | { verb: string; path: string }): boolean {
  if (groups.includes('system:masters')) return true;
  for (const { namespace, subjects, roleRef } of world.bindings.values()) {
    const isMine = subjects.some((subject) => {
      if (subject.kind === 'User') return subject.name === user;
      if (subject.kind === 'Group') return groups.includes(subject.name);
      return user === `system:serviceaccount:${subject.namespace ?? namespace}:${subject.name}`;
    });
    const isHere = namespace === '' || ('namespace' in asked && asked.namespace === namespace);
    if (!isMine || !isHere) continue;
    const rules = world.roles.get(roleRef.kind === 'Role' ? `${namespace}/${roleRef.name}` : `/${roleRef.name}`) ?? [];
    if (rules.some((rule) => allows(rule, asked, namespace === ''))) return true;
  }
  return false;
}

function allows(rule: Rule, asked: Asked | { verb: string; path: string }, isEverywhere: boolean): boolean {
  if (!rule.verbs.includes('*') && !rule.verbs.includes(asked.verb)) return false;
  if ('path' in asked) {
    if (!isEverywhere) return false;
    return (rule.nonResourceURLs ?? []).some((url) =>
      url.endsWith('*') ? asked.path.startsWith(url.replace(/\*$/, '')) : asked.path === url,
    );
  }
  const { apiGroups = [], resources = [], resourceNames = [] } = rule;
  if (!apiGroups.includes('*') && !apiGroups.includes(asked.group)) return false;
  const whole = asked.subresource === undefined ? asked.resource : `${asked.resource}/${asked.subresource}`;
  const forms = asked.subresource === undefined ? [whole] : [whole, `*/${asked.subresource}`, `${asked.resource}/*`];
  if (!resources.includes('*') && !forms.some((form) => resources.includes(form))) return false;
  return resourceNames.length === 0 || (asked.name !== undefined && resourceNames.includes(asked.name));
}

// Few words, so that what is asked and what is granted meet often.

const verbs = ['get', 'list', 'create', 'use', '*'];
const groups = ['', 'compute', 'networking', '*'];
const plurals = ['networks', 'instances', 'secrets'];
const parts = ['status', 'log'];
const resources = [...plurals, '*', 'networks/status', 'instances/log', '*/status', 'instances/*'];
const names = ['a', 'b'];
const namespaces = ['n1', 'n2'];
const users = ['ann', 'bob', 'system:serviceaccount:n1:bot', 'system:serviceaccount:n2:bot'];
const teams = ['dev', 'ops', 'system:authenticated'];
const urls = ['/version', '/api/*', '/metrics', '*', '/api'];
const paths = ['/version', '/api', '/api/v1', '/metrics', '/metrics/x', '/'];
const roleNames = ['r1', 'r2', 'r3'];

function dice(random: () => number) {
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const some = <T>(list: readonly T[], most = 2): T[] =>
    Array.from({ length: 1 + Math.floor(random() * most) }, () => one(list));
  const chance = (of: number): boolean => random() < of;
  const rule = (): Rule =>
    chance(0.2)
      ? { verbs: some(verbs), nonResourceURLs: some(urls) }
      : {
          verbs: some(verbs),
          apiGroups: some(groups),
          resources: some(resources),
          ...(chance(0.3) ? { resourceNames: some(names) } : {}),
        };
  const subject = (): object => {
    if (chance(0.4)) return { kind: 'User', name: one(users) };
    if (chance(0.6)) return { kind: 'Group', name: one(teams) };
    return { kind: 'ServiceAccount', name: 'bot', ...(chance(0.7) ? { namespace: one(namespaces) } : {}) };
  };
  const question = (): any =>
    chance(0.15)
      ? { verb: one(verbs), path: one(paths) }
      : {
          verb: one(verbs),
          group: one(groups),
          version: 'v1',
          resource: one(plurals),
          ...(chance(0.3) ? { subresource: one(parts) } : {}),
          ...(chance(0.7) ? { namespace: one(namespaces) } : {}),
          ...(chance(0.6) ? { name: one([...names, 'c']) } : {}),
        };
  const identity = (): Identity => ({
    user: one(users),
    groups: chance(0.02) ? ['system:masters'] : chance(0.7) ? some(teams) : [],
    project: 'p',
  });
  return { one, some, chance, rule, subject, question, identity };
}

test('every decision is that of a simple evaluator, while rules come and go', () => {
  const random = seeded('rbac');
  const { one, chance, rule, subject, question, identity } = dice(random);
  const cases = sized(100_000, { full: 33_000, quick: 10_000 });
  let allowed = 0;
  for (let at = 0; at < cases;) {
    const policies = createPolicies();
    const world: World = { roles: new Map(), bindings: new Map() };
    const put = (kind: RuleObject['kind'], namespace: string, name: string, object: object | undefined): void =>
      policies.apply([{ project: 'p', kind, key: { namespace, name }, object: object as Resource | undefined }]);
    const change = (): void => {
      const isCluster = chance(0.5);
      const namespace = isCluster ? '' : one(namespaces);
      const isGone = chance(0.15);
      if (chance(0.5)) {
        const name = one(roleNames);
        const rules = Array.from({ length: Math.floor(random() * 5) }, rule);
        if (isGone) world.roles.delete(`${namespace}/${name}`);
        else world.roles.set(`${namespace}/${name}`, rules);
        put(isCluster ? 'ClusterRole' : 'Role', namespace, name, isGone ? undefined : { rules });
      } else {
        const name = one(['b1', 'b2', 'b3', 'b4']);
        const subjects = Array.from({ length: 1 + Math.floor(random() * 3) }, subject);
        const roleRef = { kind: isCluster || chance(0.5) ? 'ClusterRole' : 'Role', name: one(roleNames) };
        if (isGone) world.bindings.delete(`${namespace}/${name}`);
        else world.bindings.set(`${namespace}/${name}`, { namespace, subjects, roleRef });
        put(
          isCluster ? 'ClusterRoleBinding' : 'RoleBinding',
          namespace,
          name,
          isGone ? undefined : { subjects, roleRef },
        );
      }
    };
    for (let changes = 0; changes < 30; changes += 1) change();
    for (let asked = 0; asked < 200 && at < cases; asked += 1, at += 1) {
      if (chance(0.05)) change();
      const who = identity();
      const wanted = question();
      const decision = policies.authorise(who, wanted).allowed;
      if (decision) allowed += 1;
      if (decision !== reference(world, who, wanted))
        expect.fail(
          `${JSON.stringify(who)} ${JSON.stringify(wanted)}: ${decision}\n${JSON.stringify([...world.bindings], undefined, 1)}\n${JSON.stringify([...world.roles])}`,
        );
      if ('path' in wanted || wanted.name !== undefined || wanted.namespace !== undefined) continue;
      const within = policies.namespacesFor(who, wanted);
      for (const namespace of namespaces)
        expect(within === 'all' || within.includes(namespace)).toBe(reference(world, who, { ...wanted, namespace }));
    }
  }
  // Otherwise the cases would show little.
  expect(allowed).toBeGreaterThan(cases / 10);
  expect(allowed).toBeLessThan((cases * 9) / 10);
});

test('what covers a role allows all that it allows', () => {
  const { rule, question, identity } = dice(seeded('rbac cover'));
  const cases = sized(20_000, { full: 7000, quick: 2000 });
  let covered = 0;
  for (let at = 0; at < cases; at += 1) {
    const held = Array.from({ length: 3 }, rule);
    const wanted = [rule()];
    const lacking = uncovered(held, wanted);
    const worldOf = (rules: readonly Rule[]): World => ({
      roles: new Map([['/r', rules]]),
      bindings: new Map([
        ['b', { namespace: '', subjects: [{ kind: 'Group', name: 'g' }], roleRef: { kind: 'ClusterRole', name: 'r' } }],
      ]),
    });
    if (lacking.length === 0) covered += 1;
    for (let asked = 0; asked < 20; asked += 1) {
      const who = { ...identity(), groups: ['g'] };
      const one = question();
      // Held, or said to be lacking: nothing slips through between.
      if (reference(worldOf(wanted), who, one))
        expect(
          reference(worldOf([...held, ...(lacking as Rule[])]), who, one),
          JSON.stringify({ held, wanted, one }),
        ).toBe(true);
    }
  }
  expect(covered).toBeGreaterThan(cases / 100);
});
