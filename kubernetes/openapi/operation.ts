import type { GroupVersionKind, Served, Verb } from '../served/served.ts';
import { ref, type ApiSchema } from './api-schema.ts';
import { definitionName, meta, operationScope } from './definition-name.ts';
import {
  deleteCollectionParameters,
  deleteParameters,
  listParameters,
  patchParameters,
  writeParameters,
  type Parameter,
} from './parameters.ts';

type Content = Readonly<Record<string, { readonly schema: ApiSchema }>>;

/** What one method of a path does, as OpenAPI v3 writes it. */
export interface Operation {
  readonly tags: readonly string[];
  readonly description: string;
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: true; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
  readonly 'x-kubernetes-action'?: string;
  readonly 'x-kubernetes-group-version-kind'?: GroupVersionKind;
}

/** What an operation is about: a kind at a path, or a part of it. */
export interface Subject {
  readonly served: Served;
  /** What bodies are. */
  readonly of: GroupVersionKind;
  /** `Namespaced` and the like, and the part: make the name of the operation unique. */
  readonly infix: string;
  readonly suffix: string;
}

const actions = {
  create: 'post',
  delete: 'delete',
  deletecollection: 'deletecollection',
  get: 'get',
  list: 'list',
  patch: 'patch',
  update: 'put',
  watch: 'watch',
} as const satisfies Record<Verb, string>;

const operationVerbs = {
  create: 'create',
  delete: 'delete',
  deletecollection: 'deleteCollection',
  get: 'read',
  list: 'list',
  patch: 'patch',
  update: 'replace',
  watch: 'watch',
} as const satisfies Record<Verb, string>;

/** The operation of a verb. */
export function operation(verb: Verb, subject: Subject): Operation {
  const { served, of, infix, suffix } = subject;
  const { group, version, kind } = of;
  const scope = operationScope(served);
  return {
    tags: [scope.charAt(0).toLowerCase() + scope.slice(1)],
    description: `${verb} ${served.kind}${suffix === '' ? '' : ` (${suffix})`}`,
    operationId: `${operationVerbs[verb]}${scope}${infix}${served.kind}${suffix}`,
    ...parametersOf(verb),
    ...bodyOf(verb, served, of),
    responses: { ...responsesOf(verb, served, of), '401': { description: 'Unauthorized' } },
    'x-kubernetes-action': actions[verb],
    'x-kubernetes-group-version-kind': { group, version, kind },
  };
}

function parametersOf(verb: Verb): Pick<Operation, 'parameters'> {
  switch (verb) {
    case 'create':
    case 'update':
      return { parameters: writeParameters };
    case 'patch':
      return { parameters: patchParameters };
    case 'delete':
      return { parameters: deleteParameters };
    case 'deletecollection':
      return { parameters: deleteCollectionParameters };
    case 'list':
      return { parameters: listParameters };
    case 'get':
    case 'watch':
      return {};
  }
}

const patchTypes = ['application/apply-patch+yaml', 'application/json-patch+json', 'application/merge-patch+json'];
const bodyTypes = ['application/json', 'application/yaml'];

function bodyOf(verb: Verb, { style }: Served, of: GroupVersionKind): Pick<Operation, 'requestBody'> {
  switch (verb) {
    case 'create':
    case 'update':
      return { requestBody: { required: true, content: content(['*/*'], definitionName(of)) } };
    case 'patch': {
      const types = [...patchTypes, ...(style === 'built-in' ? ['application/strategic-merge-patch+json'] : [])];
      return { requestBody: { required: true, content: content(types, `${meta}.Patch`) } };
    }
    case 'delete':
    case 'deletecollection':
      return { requestBody: { content: content(['*/*'], `${meta}.DeleteOptions`) } };
    case 'get':
    case 'list':
    case 'watch':
      return {};
  }
}

function responsesOf(verb: Verb, served: Served, of: GroupVersionKind): Operation['responses'] {
  const object = content(bodyTypes, definitionName(of));
  const listed = content(bodyTypes, definitionName({ ...of, kind: served.listKind }));
  const status = content(bodyTypes, `${meta}.Status`);
  switch (verb) {
    case 'create':
      return { '201': { description: 'Created', content: object } };
    case 'update':
    case 'patch':
      return { '200': { description: 'OK', content: object }, '201': { description: 'Created', content: object } };
    case 'get':
      return { '200': { description: 'OK', content: object } };
    case 'list':
    case 'watch':
    case 'deletecollection':
      return { '200': { description: 'OK', content: listed } };
    case 'delete':
      return { '200': { description: 'OK', content: status }, '202': { description: 'Accepted', content: status } };
  }
}

function content(types: readonly string[], definition: string): Content {
  return Object.fromEntries(types.map((type) => [type, { schema: ref(definition) }]));
}
