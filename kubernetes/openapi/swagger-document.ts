import { isObject } from '../../kinds/schema/json.ts';
import { bearerToken, info, type OpenApi3 } from './group-version-document.ts';
import type { Operation } from './operation.ts';
import type { Parameter } from './parameters.ts';
import type { PathItem } from './paths.ts';

type Node = Readonly<Record<string, unknown>>;

/** Swagger 2.0 of everything. */
export interface Swagger2 {
  readonly swagger: '2.0';
  readonly info: typeof info;
  readonly paths: Readonly<Record<string, Node>>;
  readonly definitions: Readonly<Record<string, Node>>;
  readonly securityDefinitions: Readonly<Record<string, Node>>;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
}

/** All group and version documents in one of the older form. */
export function swaggerDocument(documents: readonly OpenApi3[]): Swagger2 {
  const paths = documents.flatMap((document) => Object.entries(document.paths));
  const schemas = documents.flatMap((document) => Object.entries(document.components.schemas));
  return {
    swagger: '2.0',
    info,
    paths: Object.fromEntries(paths.map(([path, item]) => [path, pathItem(item)])),
    definitions: Object.fromEntries(schemas.map(([name, schema]) => [name, swaggerSchema(schema as Node)])),
    securityDefinitions: { BearerToken: bearerToken },
    security: [{ BearerToken: [] }],
  };
}

function pathItem({ parameters = [], ...operations }: PathItem): Node {
  const entries = Object.entries(operations).map(([method, operation]) => [method, swaggerOperation(operation)]);
  return {
    ...Object.fromEntries(entries),
    ...(parameters.length === 0 ? {} : { parameters: parameters.map(swaggerParameter) }),
  };
}

function swaggerOperation({ requestBody, responses, parameters = [], ...rest }: Operation): Node {
  const types = Object.keys(requestBody?.content ?? {});
  const [body] = Object.values(requestBody?.content ?? {});
  const sent =
    body === undefined
      ? []
      : [
          {
            name: 'body',
            in: 'body',
            ...(requestBody?.required ? { required: true } : {}),
            schema: swaggerSchema(body.schema as Node),
          },
        ];
  const answers = Object.entries(responses).map(([code, { description, content = {} }]) => {
    const [answer] = Object.values(content);
    return [code, { description, ...(answer === undefined ? {} : { schema: swaggerSchema(answer.schema as Node) }) }];
  });
  return {
    ...rest,
    consumes: types.length === 0 ? ['*/*'] : types,
    produces: ['application/json', 'application/yaml'],
    schemes: ['https'],
    ...(sent.length + parameters.length === 0 ? {} : { parameters: [...sent, ...parameters.map(swaggerParameter)] }),
    responses: Object.fromEntries(answers) as Node,
  };
}

function swaggerParameter({ schema, ...rest }: Parameter): Node {
  return { ...rest, ...schema };
}

const dropped = new Set(['oneOf', 'anyOf', 'not', 'nullable', 'allOf']);

function swaggerSchema(schema: Node): Node {
  const [only] = (schema['allOf'] ?? []) as readonly Node[];
  const kept = Object.entries({ ...schema, ...only })
    .filter(([key]) => !dropped.has(key))
    .map(([key, value]) => [key, keyword(key, value)]);
  return Object.fromEntries(kept) as Node;
}

function keyword(key: string, value: unknown): unknown {
  if (key === '$ref') return String(value).replace('#/components/schemas/', '#/definitions/');
  if (key === 'properties' && isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, swaggerSchema(inner as Node)]));
  }
  if ((key === 'items' || key === 'additionalProperties') && isObject(value)) return swaggerSchema(value);
  return value;
}
