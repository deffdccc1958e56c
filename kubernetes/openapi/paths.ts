import { groupVersion, type Served, type Verb } from '../served/served.ts';
import { ref } from './api-schema.ts';
import { meta, operationScope } from './definition-name.ts';
import { operation, type Operation, type Subject } from './operation.ts';
import { namePart, namespacePart, pretty, type Parameter } from './parameters.ts';

type Method = 'get' | 'put' | 'post' | 'delete' | 'patch';

/** What may be done at a path, and the parameters that all of it takes. */
export type PathItem = Readonly<Partial<Record<Method, Operation>>> & { readonly parameters?: readonly Parameter[] };

export type Paths = Readonly<Record<string, PathItem>>;

/** A watch is a list with a parameter, so it has no operation of its own. */
const methods: Readonly<Partial<Record<Verb, Method>>> = {
  create: 'post',
  delete: 'delete',
  deletecollection: 'delete',
  get: 'get',
  list: 'get',
  patch: 'patch',
  update: 'put',
};

const ofCollections: ReadonlySet<Verb> = new Set(['create', 'deletecollection', 'list', 'watch']);

/** Root of the paths of a group and version. */
export function rootPath(of: Pick<Served, 'group' | 'version'>): string {
  return `/${of.group === '' ? 'api' : 'apis'}/${groupVersion(of)}`;
}

/** The path that lists the resources of a group and version. */
export function discoveryPaths(of: Pick<Served, 'group' | 'version'>): Paths {
  const scope = operationScope(of);
  const found = { 'application/json': { schema: ref(`${meta}.APIResourceList`) } };
  return {
    [`${rootPath(of)}/`]: {
      get: {
        tags: [scope.charAt(0).toLowerCase() + scope.slice(1)],
        description: 'Resources of this group and version.',
        operationId: `get${scope}APIResources`,
        responses: { '200': { description: 'OK', content: found }, '401': { description: 'Unauthorized' } },
      },
    },
  };
}

/** All paths of a resource. */
export function resourcePaths(served: Served): Paths {
  const { namespaced, plural, verbs, subresources } = served;
  const root = rootPath(served);
  const inside = namespaced ? `${root}/namespaces/{namespace}/${plural}` : `${root}/${plural}`;
  const shared = [...(namespaced ? [namespacePart] : []), pretty];
  const infix = namespaced ? 'Namespaced' : '';
  const subject: Subject = { served, of: served, infix, suffix: '' };
  const everywhere = { ...subject, infix: '', suffix: 'ForAllNamespaces' };
  return Object.fromEntries(
    [
      [
        inside,
        pathItem(
          verbs.filter((verb) => ofCollections.has(verb)),
          subject,
          shared,
        ),
      ] as const,
      [
        `${inside}/{name}`,
        pathItem(
          verbs.filter((verb) => !ofCollections.has(verb)),
          subject,
          [namePart, ...shared],
        ),
      ] as const,
      ...subresources.map(
        (part) =>
          [
            `${inside}/{name}/${part.name}`,
            pathItem(part.verbs, { served, of: part.of, infix, suffix: capitalised(part.name) }, [namePart, ...shared]),
          ] as const,
      ),
      ...(namespaced
        ? [
            [
              `${root}/${plural}`,
              pathItem(
                verbs.filter((verb) => verb === 'list'),
                everywhere,
                [pretty],
              ),
            ] as const,
          ]
        : []),
    ].filter(([, item]) => Object.keys(item).some((key) => key !== 'parameters')),
  );
}

function pathItem(verbs: readonly Verb[], subject: Subject, parameters: readonly Parameter[]): PathItem {
  const operations = verbs.flatMap((verb) => {
    const method = methods[verb];
    return method === undefined ? [] : [[method, operation(verb, subject)] as const];
  });
  return { ...Object.fromEntries(operations), parameters };
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
