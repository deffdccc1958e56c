import { facts } from '../../kinds/registry.ts';
import { flag, integer, list, object, ref, text, type ApiSchema, type Definitions } from './api-schema.ts';
import { meta } from './definition-name.ts';
import { withPatchStrategy } from './patch-strategy.ts';
import { wireSchema } from './wire-schema.ts';

const named = { apiVersion: text('Group and version of the schema.'), kind: text('Name of the schema.') };
const fields = wireSchema(facts.metadata).properties ?? {};

/** Types that all groups share, under the names that clients know. */
export const metaDefinitions: Definitions = {
  [`${meta}.ObjectMeta`]: objectMeta(),
  [`${meta}.OwnerReference`]: ownerReference(),
  [`${meta}.ManagedFieldsEntry`]: managedFieldsEntry(),
  [`${meta}.FieldsV1`]: {
    type: 'object',
    description: 'A set of fields: keys are `f:` and a name, `k:` and a key, or `v:` and a value.',
  },
  [`${meta}.Time`]: { type: 'string', format: 'date-time', description: 'RFC 3339 in UTC, to the second.' },
  [`${meta}.ListMeta`]: object('Metadata of a list.', {
    continue: text('Where the next page starts; absent on the last.'),
    remainingItemCount: integer('How many objects follow this page, where that is known.', 'int64'),
    resourceVersion: text('State that the list shows; a watch from here misses nothing.'),
    selfLink: text('Not served.'),
  }),
  [`${meta}.DeleteOptions`]: {
    ...object('How to delete.', {
      ...named,
      dryRun: list('`All`: do everything but keep nothing.', { type: 'string' }),
      gracePeriodSeconds: integer('How long the deletion may take.', 'int64'),
      orphanDependents: flag('Older form of `propagationPolicy: Orphan`.'),
      preconditions: ref(`${meta}.Preconditions`, 'What must hold for the object to be deleted.'),
      propagationPolicy: text('What happens to owned objects: Background, Foreground or Orphan.'),
    }),
    'x-kubernetes-group-version-kind': [{ group: '', version: 'v1', kind: 'DeleteOptions' }],
  },
  [`${meta}.Preconditions`]: object('What must hold for a change to be made.', {
    resourceVersion: text('Version that the object must have.'),
    uid: text('Uid that the object must have.'),
  }),
  [`${meta}.Patch`]: { type: 'object', description: 'A patch, in the form that the content type names.' },
  [`${meta}.WatchEvent`]: {
    ...object(
      'A line of a watch.',
      {
        type: text('ADDED, MODIFIED, DELETED, BOOKMARK or ERROR.'),
        object: {
          type: 'object',
          description: 'The object; a Status for ERROR.',
          'x-kubernetes-preserve-unknown-fields': true,
        },
      },
      ['type', 'object'],
    ),
    'x-kubernetes-group-version-kind': [{ group: '', version: 'v1', kind: 'WatchEvent' }],
  },
  [`${meta}.Status`]: {
    ...object('What became of a request that answers no object.', {
      ...named,
      metadata: ref(`${meta}.ListMeta`, 'For lists that expired, where to go on.'),
      status: text('Success or Failure.'),
      message: text('What happened, for people.'),
      reason: text('What happened, in CamelCase, for programs.'),
      details: ref(`${meta}.StatusDetails`, 'What it is about.'),
      code: integer('HTTP status.'),
    }),
    'x-kubernetes-group-version-kind': [{ group: '', version: 'v1', kind: 'Status' }],
  },
  [`${meta}.StatusDetails`]: object('What a status is about.', {
    name: text('Name of the object.'),
    group: text('Group of the object.'),
    kind: text('Kind or resource of the object.'),
    uid: text('Uid of the object.'),
    causes: list('What is wrong, field by field.', ref(`${meta}.StatusCause`)),
    retryAfterSeconds: integer('When to try again.'),
  }),
  [`${meta}.StatusCause`]: object('One thing that is wrong.', {
    reason: text('What, for programs.'),
    message: text('What, for people.'),
    field: text('Where: `spec.ports[0].port`.'),
  }),
  [`${meta}.APIResourceList`]: {
    ...object(
      'Resources of a group and version.',
      {
        ...named,
        groupVersion: text('Group and version of these resources.'),
        resources: list('The resources, and their parts with paths of their own.', ref(`${meta}.APIResource`)),
      },
      ['groupVersion', 'resources'],
    ),
    'x-kubernetes-group-version-kind': [{ group: '', version: 'v1', kind: 'APIResourceList' }],
  },
  [`${meta}.APIResource`]: object(
    'A resource.',
    {
      name: text('Plural name.'),
      singularName: text('Singular name.'),
      namespaced: flag('Whether its objects lie in namespaces.'),
      group: text('Group of the objects, where it is another one.'),
      version: text('Version of the objects, where it is another one.'),
      kind: text('Kind of the objects.'),
      verbs: list('What may be done.', { type: 'string' }),
      shortNames: list('Short names.', { type: 'string' }),
      categories: list('Names of sets of resources that it belongs to.', { type: 'string' }),
    },
    ['name', 'singularName', 'namespaced', 'kind', 'verbs'],
  ),
};

function objectMeta(): ApiSchema {
  const times = { creationTimestamp: timeOf('creationTimestamp'), deletionTimestamp: timeOf('deletionTimestamp') };
  const { ownerReferences = {}, managedFields = {} } = fields;
  const schema = withPatchStrategy({
    ...wireSchema(facts.metadata),
    properties: {
      ...fields,
      ...times,
      ownerReferences: { ...ownerReferences, items: ref(`${meta}.OwnerReference`) },
      managedFields: { ...managedFields, items: ref(`${meta}.ManagedFieldsEntry`) },
    },
  });
  const { finalizers = {} } = fields;
  return {
    ...schema,
    properties: { ...schema.properties, finalizers: { ...finalizers, 'x-kubernetes-patch-strategy': 'merge' } },
  };
}

function timeOf(field: string): ApiSchema {
  return ref(`${meta}.Time`, fields[field]?.description ?? '');
}

function ownerReference(): ApiSchema {
  return {
    ...fields['ownerReferences']?.items,
    required: ['apiVersion', 'kind', 'name', 'uid'],
    'x-kubernetes-map-type': 'atomic',
  };
}

function managedFieldsEntry(): ApiSchema {
  const entry = fields['managedFields']?.items ?? {};
  return {
    ...entry,
    properties: {
      ...entry.properties,
      time: ref(`${meta}.Time`, 'When the entry changed last.'),
      fieldsV1: ref(`${meta}.FieldsV1`, 'The fields, as a set.'),
    },
  };
}
