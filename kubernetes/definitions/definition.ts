import { createHash } from 'node:crypto';
import type { Column, Kind } from '../../kinds/kind.ts';
import type { Resource } from '../../kinds/object.ts';
import { wireSchema } from '../openapi/wire-schema.ts';
import type { Served } from '../served/served.ts';

const made = new WeakMap<Kind, Resource>();

/**
 * Definitions come with the product and not out of the store, so no moment and no revision is theirs: they are older than
 * every object.
 */
const creationTimestamp = '2025-01-01T00:00:00Z';
const resourceVersion = '1';

/** The CustomResourceDefinitions of the custom kinds that are served, sorted by name. */
export function definitions(all: readonly Served[]): Resource[] {
  return all
    .flatMap(({ style, stored }) => (style === 'custom' && stored !== undefined ? [definitionOf(stored)] : []))
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

/** The CustomResourceDefinition that would make a Kubernetes API server serve this kind. The same object each time. */
export function definitionOf(kind: Kind): Resource {
  let definition = made.get(kind);
  if (definition === undefined) {
    definition = newDefinition(kind);
    made.set(kind, definition);
  }
  return definition;
}

function newDefinition(kind: Kind): Resource {
  const { group, plural, scope, version } = kind;
  const name = `${plural}.${group}`;
  const names = namesOf(kind);
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name, uid: uidOf(name), resourceVersion, generation: 1, creationTimestamp },
    spec: { group, names, scope, versions: [versionOf(kind)], conversion: { strategy: 'None' } },
    status: {
      conditions: [
        condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
        condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
      ],
      acceptedNames: names,
      storedVersions: [version],
    },
  };
}

/** Categories are named by discovery alone: the definitions that people already have of our kinds know none. */
function namesOf({ plural, singular, shortNames, name }: Kind): object {
  return {
    plural,
    singular,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    kind: name,
    listKind: `${name}List`,
  };
}

function versionOf(kind: Kind): object {
  const { version, hasStatus, hasScale, columns } = kind;
  const selectable = kind.selectable.filter((path) => !path.startsWith('metadata.'));
  return {
    name: version,
    served: true,
    storage: true,
    schema: { openAPIV3Schema: schemaOf(kind) },
    subresources: {
      ...(hasStatus ? { status: {} } : {}),
      // The wanted number is spread over the spec, which no path can say; this one is that of the Scale.
      ...(hasScale ? { scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } } : {}),
    },
    ...(selectable.length > 0 ? { selectableFields: selectable.map((path) => ({ jsonPath: `.${path}` })) } : {}),
    ...(columns.length > 0 ? { additionalPrinterColumns: columns.map(columnOf) } : {}),
  };
}

function columnOf({ name, type, jsonPath, wide }: Column): object {
  return { name, type, jsonPath, ...(wide ? { priority: 1 } : {}) };
}

function schemaOf({ description, schema }: Kind): object {
  const wire = wireSchema(schema);
  return {
    ...wire,
    description,
    type: 'object',
    properties: {
      apiVersion: { type: 'string', description: 'Group and version of this object.' },
      kind: { type: 'string', description: 'Kind of this object.' },
      metadata: { type: 'object' },
      ...wire.properties,
    },
  };
}

function condition(type: string, reason: string, message: string): object {
  return { type, status: 'True', lastTransitionTime: creationTimestamp, reason, message };
}

/** A UUID that is the same wherever and whenever the product runs (RFC 9562, version 8). */
function uidOf(name: string): string {
  const hex = createHash('sha256').update(`CustomResourceDefinition ${name}`).digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-');
}
