import { flag, integer, list, object, text, type ApiSchema } from './api-schema.ts';

const names = object(
  'Names of the kind.',
  {
    plural: text('Plural name, in paths.'),
    singular: text('Singular name, for people who type.'),
    kind: text('Name in manifests.'),
    listKind: text('Name of lists.'),
    shortNames: list('Short names, for people who type.', { type: 'string' }),
    categories: list('Names of sets of kinds that it belongs to.', { type: 'string' }),
  },
  ['plural', 'kind'],
);

const column = object(
  'A column of tables.',
  {
    name: text('Head of the column.'),
    type: text('integer, number, string, boolean or date.'),
    format: text('Format of the value.'),
    description: text('What the column tells.'),
    priority: integer('Greater than 0: shown in wide tables only.'),
    jsonPath: text('Where the value stands in the object.'),
  },
  ['name', 'type', 'jsonPath'],
);

const version = object(
  'A version of the kind.',
  {
    name: text('Name in paths.'),
    served: flag('Whether it is served.'),
    storage: flag('Whether objects are stored in it.'),
    deprecated: flag('Whether its use is warned of.'),
    deprecationWarning: text('The warning.'),
    schema: object('Schema of the objects.', {
      openAPIV3Schema: {
        type: 'object',
        description: 'Structural schema, in the OpenAPI v3 form.',
        'x-kubernetes-preserve-unknown-fields': true,
      },
    }),
    subresources: object('Parts with paths of their own.', {
      status: {
        type: 'object',
        description: 'Status has a path of its own.',
        'x-kubernetes-preserve-unknown-fields': true,
      },
      scale: object(
        'The number of replicas has a path of its own.',
        {
          specReplicasPath: text('Where the wanted number stands.'),
          statusReplicasPath: text('Where the running number stands.'),
          labelSelectorPath: text('Where the selector of the replicas stands.'),
        },
        ['specReplicasPath', 'statusReplicasPath'],
      ),
    }),
    additionalPrinterColumns: list('Columns of tables, beside the name.', column),
    selectableFields: list(
      'Fields that a field selector may name.',
      object('A field.', { jsonPath: text('Where it stands.') }, ['jsonPath']),
    ),
  },
  ['name', 'served', 'storage'],
);

const condition: ApiSchema = object(
  'State of one aspect of the definition.',
  {
    type: text('NamesAccepted, Established or Terminating.'),
    status: text('True, False or Unknown.'),
    lastTransitionTime: { type: 'string', format: 'date-time', description: 'When the status changed last.' },
    reason: text('Why, in CamelCase.'),
    message: text('Why, for people.'),
  },
  ['type', 'status'],
);

/** Fields of a CustomResourceDefinition beside its metadata. */
export const crdParts: Readonly<Record<string, ApiSchema>> = {
  spec: object(
    'What the kind is.',
    {
      group: text('API group.'),
      names,
      scope: text('Namespaced or Cluster.'),
      versions: list('Versions, the preferred one first.', version),
      conversion: object('How objects are converted between versions.', { strategy: text('None or Webhook.') }, [
        'strategy',
      ]),
      preserveUnknownFields: flag('Not supported.'),
    },
    ['group', 'names', 'scope', 'versions'],
  ),
  status: object('Whether the kind is served.', {
    acceptedNames: names,
    conditions: {
      type: 'array',
      description: 'NamesAccepted and Established.',
      items: condition,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
    },
    storedVersions: list('Versions in which objects were ever stored.', { type: 'string' }),
  }),
};
