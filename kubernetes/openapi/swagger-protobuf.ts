import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import { isObject } from '../../kinds/schema/json.ts';
import type { Swagger2 } from './swagger-document.ts';

type Node = Readonly<Record<string, unknown>>;
type Message = Readonly<Record<string, unknown>>;

let messages: protobuf.Root | undefined;

/** The messages of the protobuf form, read when first needed. */
export function swaggerMessages(): protobuf.Root {
  messages ??= protobuf.Root.fromJSON(
    JSON.parse(readFileSync(new URL('generated/openapi-v2.json', import.meta.url), 'utf8')) as protobuf.INamespace,
  );
  return messages;
}

/** A Swagger document in the protobuf form of `openapi.v2.Document`. */
export function swaggerProtobuf({ paths, definitions, securityDefinitions, security, ...rest }: Swagger2): Uint8Array {
  const message: Message = {
    ...rest,
    paths: { path: named(paths, pathItem) },
    definitions: { additionalProperties: named(definitions, schema) },
    securityDefinitions: { additionalProperties: named(securityDefinitions, (value) => ({ apiKeySecurity: value })) },
    security: security.map((need) => ({ additionalProperties: named(need, (value) => ({ value })) })),
  };
  return swaggerMessages().lookupType('openapi.v2.Document').encode(message).finish();
}

function named<T>(record: Readonly<Record<string, T>>, map: (value: T) => Message): Message[] {
  return Object.entries(record).map(([name, value]) => ({ name, value: map(value) }));
}

/** A value of any form travels as YAML text, of which JSON is a part. */
function any(value: unknown): Message {
  return { yaml: `${JSON.stringify(value)}\n` };
}

function isExtension(key: string): boolean {
  return key.startsWith('x-');
}

/** The extensions of a node, and what else it holds by way of `field`. */
function withExtensions(node: Node, field: (key: string, value: unknown) => readonly [string, unknown]): Message {
  const entries = Object.entries(node);
  const extensions = entries.filter(([key]) => isExtension(key));
  return {
    ...Object.fromEntries(entries.filter(([key]) => !isExtension(key)).map(([key, value]) => field(key, value))),
    ...(extensions.length === 0
      ? {}
      : { vendorExtension: extensions.map(([name, value]) => ({ name, value: any(value) })) }),
  };
}

function pathItem(item: Node): Message {
  return withExtensions(item, (key, value) => [
    key,
    key === 'parameters' ? parameters(value) : operation(value as Node),
  ]);
}

function operation(node: Node): Message {
  return withExtensions(node, (key, value) => {
    if (key === 'parameters') return [key, parameters(value)];
    if (key === 'responses' && isObject(value)) return [key, { responseCode: named(value, response) }];
    return [key, value];
  });
}

function parameters(list: unknown): Message[] {
  return (list as readonly Node[]).map((node) => ({ parameter: parameter(node) }));
}

function parameter(node: Node): Message {
  const { schema: body, ...rest } = node;
  switch (node['in']) {
    case 'body':
      return { bodyParameter: { ...rest, schema: schema(body as Node) } };
    case 'query':
      return { nonBodyParameter: { queryParameterSubSchema: rest } };
    default:
      return { nonBodyParameter: { pathParameterSubSchema: rest } };
  }
}

function response(node: unknown): Message {
  const { schema: body, ...rest } = node as Node;
  return { response: { ...rest, ...(body === undefined ? {} : { schema: { schema: schema(body as Node) } }) } };
}

function schema(node: Node): Message {
  return withExtensions(node, (key, value) => {
    switch (key) {
      case '$ref':
        return ['_ref', value];
      case 'type':
        return [key, { value: [value] }];
      case 'default':
        return [key, any(value)];
      case 'enum':
        return [key, (value as readonly unknown[]).map(any)];
      case 'items':
        return [key, { schema: [schema(value as Node)] }];
      case 'additionalProperties':
        return [key, { schema: schema(value as Node) }];
      case 'properties':
        return [key, { additionalProperties: named(value as Readonly<Record<string, Node>>, schema) }];
      default:
        return [key, value];
    }
  });
}
