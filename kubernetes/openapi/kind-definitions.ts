import type { GroupVersionKind, Served } from '../served/served.ts';
import { integer, list, object, ref, text, type ApiSchema, type Definitions } from './api-schema.ts';
import { clientSchema } from './client-schema.ts';
import { crdParts } from './crd-parts.ts';
import { definitionName, meta } from './definition-name.ts';
import { newEventSchema } from './event-schema.ts';
import { withPatchStrategy } from './patch-strategy.ts';
import { reviewParts } from './review-definitions.ts';
import { wireSchema } from './wire-schema.ts';

/** What the token subresource carries. */
const tokenKind: GroupVersionKind = { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' };
/** What the scale subresource carries. */
const scaleKind: GroupVersionKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' };

const apiVersion = text('Group and version of this object, such as `v1`.');
const kindName = text('Kind of this object.');

/** Definitions of a served kind: the object, its list, and what its subresources carry. */
export function kindDefinitions(served: Served): Definitions {
  const { group, version, kind, listKind } = served;
  const name = definitionName(served);
  const gvk = { group, version, kind };
  return {
    [name]: tagged(objectSchema(served), gvk),
    ...(served.verbs.includes('list')
      ? { [definitionName({ ...gvk, kind: listKind })]: tagged(listSchema(served, name), { ...gvk, kind: listKind }) }
      : {}),
    ...(served.subresources.some((part) => part.name === 'scale') ? scaleDefinitions : {}),
    ...(served.subresources.some((part) => part.name === 'token') ? tokenDefinitions : {}),
  };
}

function tagged(schema: ApiSchema, { group, version, kind }: GroupVersionKind): ApiSchema {
  return { ...schema, 'x-kubernetes-group-version-kind': [{ group, version, kind }] };
}

function objectSchema(served: Served): ApiSchema {
  const inner = innerSchema(served);
  return {
    ...inner,
    type: 'object',
    properties: {
      apiVersion,
      kind: kindName,
      metadata: ref(`${meta}.ObjectMeta`, 'Name, labels and the like.'),
      ...inner.properties,
    },
  };
}

/** Schema of everything but `apiVersion`, `kind` and `metadata`. */
function innerSchema({ source, stored, kind, group, style }: Served): ApiSchema {
  switch (source) {
    case 'definitions':
      return object('A kind of the API.', crdParts, ['spec']);
    case 'review': {
      const parts = reviewParts[kind] ?? {};
      return object('A question that is answered and forgotten.', parts, 'spec' in parts ? ['spec'] : []);
    }
    case 'stored': {
      if (stored === undefined) return { type: 'object' };
      const schema = clientSchema(wireSchema(stored.schema));
      const described = { ...schema, description: stored.description };
      if (style === 'custom') return described;
      const shown = group === 'events.k8s.io' ? newEventSchema(described) : described;
      return withPatchStrategy(shown);
    }
  }
}

function listSchema({ kind }: Served, name: string): ApiSchema {
  return object(
    `A list of ${kind}.`,
    {
      apiVersion,
      kind: kindName,
      metadata: ref(`${meta}.ListMeta`, 'State and page of the list.'),
      items: { type: 'array', description: 'The objects.', items: ref(name) },
    },
    ['items'],
  );
}

const scaleName = definitionName(scaleKind);

const scaleDefinitions: Definitions = {
  [scaleName]: tagged(
    object('How many replicas there are and should be.', {
      apiVersion,
      kind: kindName,
      metadata: ref(`${meta}.ObjectMeta`, 'That of the scaled object.'),
      spec: ref(`${scaleName}Spec`, 'What should be.'),
      status: ref(`${scaleName}Status`, 'What is.'),
    }),
    scaleKind,
  ),
  [`${scaleName}Spec`]: object('What should be.', { replicas: integer('Wanted replicas.') }),
  [`${scaleName}Status`]: object(
    'What is.',
    { replicas: integer('Running replicas.'), selector: text('Selects the labels of the replicas.') },
    ['replicas'],
  ),
};

const tokenName = definitionName(tokenKind);

const tokenDefinitions: Definitions = {
  [tokenName]: tagged(
    object(
      'A token of a service account.',
      {
        apiVersion,
        kind: kindName,
        metadata: ref(`${meta}.ObjectMeta`, 'Names the account.'),
        spec: ref(`${tokenName}Spec`, 'What is asked for.'),
        status: ref(`${tokenName}Status`, 'The token.'),
      },
      ['spec'],
    ),
    tokenKind,
  ),
  [`${tokenName}Spec`]: object('What is asked for.', {
    audiences: list('Whom the token is for; empty for this API.', { type: 'string' }),
    expirationSeconds: integer('How long it counts; an hour where absent, at most a year.', 'int64'),
    boundObjectRef: ref('io.k8s.api.authentication.v1.BoundObjectReference', 'An object with which it ends.'),
  }),
  [`${tokenName}Status`]: object(
    'The token.',
    { token: text('The token.'), expirationTimestamp: ref(`${meta}.Time`, 'When it ends.') },
    ['token', 'expirationTimestamp'],
  ),
  'io.k8s.api.authentication.v1.BoundObjectReference': object('An object of the same namespace.', {
    apiVersion: text('Its group and version.'),
    kind: text('Its kind.'),
    name: text('Its name.'),
    uid: text('Its uid; absent for that of the object that is there.'),
  }),
};
