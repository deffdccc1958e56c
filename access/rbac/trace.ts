import type { PolicyRule } from '../../kinds/admit.ts';
import type { Wanted } from '../authorise.ts';
import type { Identity } from '../identity.ts';
import { includes, matchesName, matchesPath, matchesPlural } from './match.ts';
import { type Binding, keysOf, subjectKey } from './objects.ts';
import type { Policy } from './policy.ts';

/** A part of a rule that does not go with what was wanted. */
export type Miss = 'verb' | 'apiGroup' | 'resource' | 'resourceName' | 'path';

export interface TracedRule {
  readonly rule: PolicyRule;
  /** Empty for a rule that allows what was wanted. */
  readonly misses: readonly Miss[];
}

/** A binding that names who asked. */
export interface TracedBinding {
  readonly kind: Binding['kind'];
  /** Empty for one that grants everywhere. */
  readonly namespace: string;
  readonly name: string;
  /** Subject by which it does: `Group dev`. */
  readonly subject: string;
  readonly role: Binding['role'];
  readonly roleExists: boolean;
  /** Whether it grants where the thing was wanted. */
  readonly inScope: boolean;
  readonly rules: readonly TracedRule[];
}

/** How a decision comes about. */
export interface Trace {
  readonly allowed: boolean;
  readonly reason: string;
  readonly bindings: readonly TracedBinding[];
  /** Bindings that are left out because there are too many. */
  readonly more: number;
  /** The smallest rule that would allow it; undefined where it is allowed. */
  readonly missing: PolicyRule | undefined;
}

const mostBindings = 200;

/** The bindings and rules that a decision is made from. */
export function traceOf(
  policy: Pick<Policy, 'bindingsOf' | 'rulesOf'> | undefined,
  identity: Identity,
  wanted: Wanted,
  decision: { readonly allowed: boolean; readonly reason: string },
): Trace {
  const mine = new Set(keysOf(identity));
  const bindings = policy?.bindingsOf(identity) ?? [];
  const traced = bindings.slice(0, mostBindings).map((binding): TracedBinding => {
    const { kind, namespace, name, role, subjects } = binding;
    const rules = policy?.rulesOf(binding);
    const subject = subjects.find((one) => mine.has(subjectKey(one, binding) ?? ''));
    return {
      kind,
      namespace,
      name,
      subject: subject === undefined ? '' : `${subject.kind} ${subject.name}`,
      role,
      roleExists: rules !== undefined,
      inScope: namespace === '' || (!('path' in wanted) && wanted.namespace === namespace),
      rules: (rules ?? []).map((rule) => ({ rule, misses: missesOf(rule, wanted) })),
    };
  });
  return {
    ...decision,
    bindings: traced,
    more: bindings.length - traced.length,
    missing: decision.allowed ? undefined : smallestRule(wanted),
  };
}

function missesOf(rule: PolicyRule, wanted: Wanted): Miss[] {
  if ('path' in wanted) {
    if (!rule.nonResourceURLs?.length) return ['path'];
    if (matchesPath(rule, wanted)) return [];
    return includes(rule.verbs, wanted.verb) ? ['path'] : ['verb'];
  }
  const { verb, group, resource, subresource, name } = wanted;
  const found: [Miss, boolean][] = [
    ['verb', includes(rule.verbs, verb)],
    ['apiGroup', includes(rule.apiGroups, group)],
    ['resource', matchesPlural(rule.resources ?? [], resource, subresource)],
    ['resourceName', matchesName(rule, name)],
  ];
  return found.filter(([, holds]) => !holds).map(([miss]) => miss);
}

function smallestRule(wanted: Wanted): PolicyRule {
  if ('path' in wanted) return { verbs: [wanted.verb], nonResourceURLs: [wanted.path] };
  const { verb, group, resource, subresource, name } = wanted;
  return {
    verbs: [verb],
    apiGroups: [group],
    resources: [subresource === undefined ? resource : `${resource}/${subresource}`],
    ...(name === undefined ? {} : { resourceNames: [name] }),
  };
}
