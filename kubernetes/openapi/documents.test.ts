import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { isObject } from '../../kinds/schema/json.ts';
import { builtInRegistry } from '../../kinds/registry.ts';
import { servedResources } from '../served/served-resources.ts';
import { groupVersion, type Served } from '../served/served.ts';
import { definitionName } from './definition-name.ts';
import { openApiDocuments } from './documents.ts';
import { swaggerMessages } from './swagger-protobuf.ts';

type Node = Record<string, unknown>;

const registry = builtInRegistry();
const served = servedResources(registry.all());
const documents = openApiDocuments(served);
const pathOf = (one: Served): string => `${one.group === '' ? 'api' : 'apis'}/${groupVersion(one)}`;
const paths = [...new Set(served.all.map(pathOf))];
const read = (path: string): Node => JSON.parse(documents.groupVersion(path)?.body.toString() ?? 'null') as Node;
const swagger = JSON.parse(documents.swaggerJson().body.toString()) as Node;

function* nodesOf(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* nodesOf(item);
  else if (isObject(value)) {
    yield value;
    for (const inner of Object.values(value)) yield* nodesOf(inner);
  }
}

function lookUp(document: Node, reference: string): unknown {
  return reference
    .slice(2)
    .split('/')
    .reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), document);
}

/** References that lead nowhere. */
function dangling(document: Node): unknown[] {
  return [...nodesOf(document)]
    .map(({ $ref }) => $ref)
    .filter((reference) => typeof reference === 'string' && lookUp(document, reference) === undefined);
}

interface Called extends Node {
  readonly path: string;
  readonly method: string;
}

function operationsOf(document: Node): Called[] {
  return Object.entries(document['paths'] as Node).flatMap(([path, item]) =>
    Object.entries(item as Node).flatMap(([method, operation]) =>
      method === 'parameters' ? [] : [{ path, method, ...(operation as Node) }],
    ),
  );
}

describe.each(paths)('v3 of %s', (path) => {
  const document = read(path);
  const resources = served.all.filter((one) => pathOf(one) === path);

  it('has no reference that leads nowhere', () => expect(dangling(document)).toEqual([]));

  it('keeps our own keywords to itself', () => {
    expect([...nodesOf(document)].flatMap(Object.keys).filter((key) => key.startsWith('x-datum'))).toEqual([]);
  });

  it('describes every kind under its name', () => {
    for (const one of resources) {
      const { group, version, kind } = one;
      const schema = lookUp(document, `#/components/schemas/${definitionName(one)}`) as Node;
      expect(schema['x-kubernetes-group-version-kind']).toEqual([{ group, version, kind }]);
      expect(schema['description']).toMatch(/./);
    }
  });

  it('tells of what a patch takes, and for which kind', () => {
    for (const { group, version, kind, verbs } of resources) {
      if (!verbs.includes('patch')) continue;
      const patches = operationsOf(document).filter(
        (one) =>
          one['x-kubernetes-action'] === 'patch' &&
          JSON.stringify(one['x-kubernetes-group-version-kind']) === JSON.stringify({ group, version, kind }),
      );
      expect(patches.length).toBeGreaterThan(0);
      const names = patches.map(({ parameters }) => (parameters as Node[]).map(({ name }) => name));
      for (const found of names) expect(found).toEqual(['dryRun', 'fieldManager', 'fieldValidation', 'force']);
    }
  });

  it('names each parameter of a path, and no operation twice', () => {
    const ids = operationsOf(document).map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [template, item] of Object.entries(document['paths'] as Record<string, Node>)) {
      const wanted = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted();
      const given = ((item['parameters'] ?? []) as Node[])
        .filter((one) => one['in'] === 'path')
        .map(({ name }) => name);
      expect(given.toSorted()).toEqual(wanted);
    }
  });
});

describe('index', () => {
  it('leads to every document by its content', () => {
    const { paths: listed } = JSON.parse(documents.index().body.toString()) as { paths: Record<string, Node> };
    expect(Object.keys(listed).toSorted()).toEqual(paths.toSorted());
    for (const path of paths) {
      const hash = documents.groupVersion(path)?.hash ?? '';
      expect(listed[path]).toEqual({ serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` });
      expect(hash).toMatch(/^[0-9A-F]{128}$/);
    }
  });
});

describe('v2', () => {
  it('has no reference that leads nowhere', () => expect(dangling(swagger)).toEqual([]));

  it('holds all that the v3 documents hold', () => {
    for (const path of paths) {
      const { paths: operations, components } = read(path) as { paths: Node; components: { schemas: Node } };
      for (const key of Object.keys(operations)) expect(swagger['paths']).toHaveProperty([key]);
      for (const key of Object.keys(components.schemas)) expect(swagger['definitions']).toHaveProperty([key]);
    }
    const ids = operationsOf(swagger).map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has the types that Terraform looks up by name', () => {
    const meta = lookUp(swagger, '#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta') as Node;
    expect(Object.keys(meta['properties'] as Node)).toEqual(
      expect.arrayContaining(['name', 'namespace', 'labels', 'uid']),
    );
  });

  it('leaves out what the older form does not know', () => {
    const schemas = Object.values(swagger['definitions'] as Record<string, Node>);
    const keys = schemas.flatMap((schema) => keywordsOf(schema));
    expect(keys).toContain('x-kubernetes-int-or-string');
    expect(keys).toContain('x-kubernetes-list-map-keys');
    for (const key of ['oneOf', 'anyOf', 'allOf', 'not', 'nullable']) expect(keys).not.toContain(key);
  });

  it('asks nobody to write what has a default', () => {
    const path = 'spec.placements.items.scaleSettings'.split('.');
    const workload = lookUp(swagger, '#/definitions/com.datumapis.compute.v1alpha.Workload') as Node;
    const settings = path.reduce<Node>(
      (at, key) => (key === 'items' ? at['items'] : (at['properties'] as Node)[key]) as Node,
      workload,
    );
    expect(settings['required']).toEqual(['minReplicas']);
    expect((settings['properties'] as Record<string, Node>)['instanceManagementPolicy']?.['default']).toBeDefined();
  });

  it('is the same in protobuf', () => {
    const type = swaggerMessages().lookupType('openapi.v2.Document');
    const message = type.toObject(type.decode(documents.swaggerProtobuf().body), { longs: Number }) as Node;
    // An empty list is nothing in protobuf.
    expect({ ...(fromMessage(message) as Node), security: [{ BearerToken: [] }] }).toEqual(swagger);
    expect(message['security']).toEqual([{ additionalProperties: [{ name: 'BearerToken', value: {} }] }]);
  });
});

/** Keywords of a schema and of those inside, property names aside. */
function keywordsOf(schema: Node): string[] {
  const inner = [
    schema['items'],
    schema['additionalProperties'],
    ...Object.values((schema['properties'] ?? {}) as Node),
  ];
  return [...Object.keys(schema), ...inner.filter(isObject).flatMap(keywordsOf)];
}

/** What a decoded message says as JSON; knows the forms of messages, not what documents mean. */
function fromMessage(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.every((item) => isObject(item) && 'name' in item && 'value' in item)
      ? Object.fromEntries(value.map((item: Node) => [item['name'], fromMessage(item['value'])]))
      : value.map(fromMessage);
  }
  if (!isObject(value)) return value;
  if (typeof value['yaml'] === 'string') return parse(value['yaml']);
  const wrapped = ['additionalProperties', 'path', 'responseCode', 'parameter', 'nonBodyParameter', 'bodyParameter'];
  const wrappers = [
    ...wrapped,
    'queryParameterSubSchema',
    'pathParameterSubSchema',
    'apiKeySecurity',
    'response',
    'schema',
  ];
  const [only, ...more] = Object.keys(value);
  if (only !== undefined && more.length === 0) {
    // Lists of one schema are how `items` are written.
    if (only === 'schema' && Array.isArray(value[only])) return fromMessage(value[only][0]);
    if (wrappers.includes(only)) return fromMessage(value[only]);
    if (only === 'value') return typeOrList(value[only]);
  }
  const { vendorExtension, _ref, ...rest } = value;
  return {
    ...Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, fromMessage(inner)])),
    ...(_ref === undefined ? {} : { $ref: _ref }),
    ...(vendorExtension === undefined ? {} : (fromMessage(vendorExtension) as Node)),
  };
}

/** `type` holds one text, scopes of security hold any number, of which we use none. */
function typeOrList(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}
