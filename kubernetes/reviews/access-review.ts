import type { PathAttributes, ResourceAttributes } from '../../access/authorise.ts';
import { invalid } from '../status/refusals.ts';
import type { ApiError } from '../status/status.ts';
import { type Part, partOf, specOf, textListsOf, textOf, textsOf, textsWithNames } from './read-spec.ts';
import type { ReviewCall, Reviewed } from './review.ts';

const resourceFields = ['namespace', 'verb', 'group', 'version', 'resource', 'subresource', 'name'] as const;
const pathFields = ['path', 'verb'] as const;

/** May I do this? */
export async function selfAccessReview(call: ReviewCall): Promise<Reviewed> {
  const spec = specOf(call.served.kind, call.object);
  const { wanted, shown } = questionOf(spec);
  return { spec: shown, status: answer(call.authority.authorise(call.identity, wanted)) };
}

/** May somebody do this? Who that is is taken as it is said: a user without groups has no rights of any group. */
export async function subjectAccessReview(call: ReviewCall): Promise<Reviewed> {
  const spec = specOf(call.served.kind, call.object);
  const { wanted, shown } = questionOf(spec);
  const user = textOf(spec, 'user');
  const groups = textsOf(spec, 'groups');
  if (user === '' && groups.length === 0)
    throw refuse('spec.user', '""', 'at least one of user or group must be specified');
  const identity = { user, groups, project: call.identity.project };
  // What else is said of the user is repeated; no rule of ours asks for it.
  const extra = textListsOf(spec, 'extra');
  return {
    spec: {
      ...shown,
      ...textsWithNames(spec, ['user', 'uid']),
      ...(groups.length === 0 ? {} : { groups }),
      ...(extra === undefined ? {} : { extra }),
    },
    status: answer(call.authority.authorise(identity, wanted)),
  };
}

/** The same within the namespace of the path. */
export async function localAccessReview(call: ReviewCall): Promise<Reviewed> {
  const spec = specOf(call.served.kind, call.object);
  const asked = partOf(spec, 'resourceAttributes');
  if (partOf(spec, 'nonResourceAttributes') !== undefined)
    throw refuse('spec.nonResourceAttributes', '"object"', 'disallowed on this kind of request');
  const namespace = asked === undefined ? call.namespace : textOf(asked, 'namespace');
  if (namespace !== call.namespace)
    throw refuse('spec.resourceAttributes.namespace', JSON.stringify(namespace), 'must match metadata.namespace');
  return subjectAccessReview(call);
}

function answer({ allowed, reason }: { readonly allowed: boolean; readonly reason: string }): object {
  return { allowed, ...(reason === '' ? {} : { reason }) };
}

interface Question {
  readonly wanted: ResourceAttributes | PathAttributes;
  /** The question without fields that nobody knows. */
  readonly shown: Readonly<Record<string, unknown>>;
}

function questionOf(spec: Part): Question {
  const resource = partOf(spec, 'resourceAttributes');
  const path = partOf(spec, 'nonResourceAttributes');
  if (resource !== undefined && path !== undefined)
    throw refuse(
      'spec.nonResourceAttributes',
      '"object"',
      'cannot be specified in combination with resourceAttributes',
    );
  if (path !== undefined) {
    const shown = textsWithNames(path, pathFields);
    return {
      wanted: { verb: shown.verb ?? '', path: shown.path ?? '' },
      shown: { nonResourceAttributes: shown },
    };
  }
  if (resource === undefined)
    throw refuse(
      'spec.resourceAttributes',
      '"null"',
      'exactly one of nonResourceAttributes or resourceAttributes must be specified',
    );
  const shown = textsWithNames(resource, resourceFields);
  const { verb = '', group = '', version = '', resource: plural = '', ...rest } = shown;
  return { wanted: { verb, group, version, resource: plural, ...rest }, shown: { resourceAttributes: shown } };
}

/** Kubernetes names neither kind nor object in these refusals. */
function refuse(field: string, shown: string, detail: string): ApiError {
  return invalid({ group: 'authorization.k8s.io', version: 'v1', kind: '' }, '', [
    { field, reason: 'FieldValueInvalid', message: `Invalid value: ${shown}: ${detail}` },
  ]);
}
