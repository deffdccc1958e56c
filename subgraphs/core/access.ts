import type { Wanted } from '../../access/authorise.ts';
import type { Identity } from '../../access/identity.ts';
import type { Miss, TracedBinding } from '../../access/rbac/trace.ts';
import { wantedOf } from '../../access/wanted.ts';
import type { Kind } from '../../kinds/kind.ts';
import { projectOf } from '../../store/control-plane.ts';
import type { SubgraphContext } from '../uniform/context.ts';
import { badInput, refusal } from '../uniform/errors.ts';

interface Question {
  readonly verb: string;
  readonly kind: string;
  readonly namespace?: string | null;
  readonly name?: string | null;
  readonly subresource?: string | null;
}

interface WhyArguments extends Question {
  readonly user?: string | null;
  readonly groups?: readonly string[] | null;
}

/** Root fields about who asks and what they may do. */
export const accessResolvers = {
  viewer: (_: unknown, __: unknown, { caller: { identity } }: SubgraphContext): object => ({
    user: identity.user,
    groups: identity.groups,
    project: projectOf(identity.project),
    impersonator: identity.impersonator,
  }),
  viewerCan: (_: unknown, question: Question, context: SubgraphContext): boolean =>
    context.guard.may(kindOf(context, question), question.verb, placeOf(question)),
  whyDenied(_: unknown, { user, groups, ...question }: WhyArguments, context: SubgraphContext): object {
    const { caller, guard } = context;
    const kind = kindOf(context, question);
    const { namespace, ...place } = placeOf(question);
    const wanted = wantedOf(kind, question.verb, kind.scope === 'Cluster' ? place : { ...place, namespace });
    // What is asked about decides where the caller must be somebody, not what it says: a namespace is within itself.
    const { namespace: within } = wanted;
    guard.requireSight(context.registry.get('RoleBinding'), 'list', within === undefined ? {} : { namespace: within });
    const identity: Identity =
      (user ?? groups ?? null) === null
        ? caller.identity
        : { user: user ?? '', groups: groups ?? [], project: caller.identity.project };
    if (identity !== caller.identity) requireReview(context, within);
    return traceFor(context, identity, wanted);
  },
};

function kindOf({ registry }: SubgraphContext, { kind: id }: Question): Kind {
  const kind = registry.byId(id);
  if (kind === undefined) throw badInput(`there is no kind ${JSON.stringify(id)}`, 'kind');
  return kind;
}

function placeOf({ namespace, name, subresource }: Question): {
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
} {
  return {
    ...(namespace ? { namespace } : {}),
    ...(name ? { name } : {}),
    ...(subresource ? { subresource } : {}),
  };
}

/** Whether somebody else may do something is for those to ask who may review access at the other door. */
function requireReview({ authority, caller: { identity } }: SubgraphContext, namespace: string | undefined): void {
  const review = { verb: 'create', group: 'authorization.k8s.io', version: 'v1' };
  if (authority.authorise(identity, { ...review, resource: 'subjectaccessreviews' }).allowed) return;
  const local = { ...review, resource: 'localsubjectaccessreviews' };
  if (namespace && authority.authorise(identity, { ...local, namespace }).allowed) return;
  throw refusal('to ask about others takes the right to create subject access reviews', 'FORBIDDEN');
}

/** The trace as far as the caller may read the bindings and roles that it is made of. */
function traceFor({ authority, guard, registry }: SubgraphContext, identity: Identity, wanted: Wanted): object {
  const { allowed, reason, bindings, missing } = authority.explain(identity, wanted);
  const maySee = ({ kind, namespace, name }: TracedBinding): boolean =>
    guard.may(registry.get(kind), 'get', { namespace, name });
  const seen = bindings.filter(maySee);
  return {
    allowed,
    reason: seen.length === bindings.length ? reason : '',
    bindings: seen.map((binding) => {
      const { kind, name, subject, role, roleExists, inScope, rules } = binding;
      const namespace = binding.namespace || null;
      const mayRead = guard.may(registry.get(role.kind), 'get', {
        ...(role.kind === 'Role' ? { namespace: binding.namespace } : {}),
        name: role.name,
      });
      return {
        kind,
        namespace,
        name,
        subject,
        role: { ...role, apiGroup: 'rbac.authorization.k8s.io' },
        roleExists,
        inScope,
        rules: mayRead
          ? rules.map(({ rule, misses }) => ({ rule, misses: misses.map((miss) => missNames[miss]) }))
          : null,
      };
    }),
    missing: missing ?? null,
  };
}

const missNames = {
  verb: 'VERB',
  apiGroup: 'API_GROUP',
  resource: 'RESOURCE',
  resourceName: 'RESOURCE_NAME',
  path: 'PATH',
} as const satisfies Record<Miss, string>;
