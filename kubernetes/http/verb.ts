import { badRequest, methodNotAllowed } from '../status/refusals.ts';
import type { Served, Verb } from '../served/served.ts';
import type { Route } from './path.ts';

/** The verb of a request to a resource. Throws 405 where the path does not take the method. */
export function verbOf(
  method: string,
  query: URLSearchParams,
  served: Served,
  route: Extract<Route, { to: 'resource' }>,
): Verb {
  const { name, namespace, subresource } = route;
  const everywhere = served.namespaced && namespace === '';
  const verb =
    name === undefined ? collectionVerb(method, query) : (objectVerb(method) ?? partVerb(method, subresource));
  // Custom kinds are created at an object's path too; the body says the name.
  const createsByName =
    method === 'POST' && name !== undefined && subresource === undefined && served.style === 'custom';
  if (createsByName) return 'create';
  // Kubernetes finds out that there is no name only after it has chosen what a custom kind's request is.
  if (name === undefined && served.style === 'custom' && (method === 'PATCH' || method === 'PUT'))
    throw badRequest('name must be provided');
  if (verb === undefined || (everywhere && (verb === 'create' || verb === 'deletecollection')))
    throw methodNotAllowed();
  const verbs =
    subresource === undefined ? served.verbs : served.subresources.find(({ name: one }) => one === subresource)?.verbs;
  if (verbs?.includes(verb) !== true) throw methodNotAllowed();
  return verb;
}

function collectionVerb(method: string, query: URLSearchParams): Verb | undefined {
  switch (method) {
    case 'GET':
      return isTrue(query.get('watch')) ? 'watch' : 'list';
    case 'POST':
      return 'create';
    case 'DELETE':
      return 'deletecollection';
    default:
      return undefined;
  }
}

function objectVerb(method: string): Verb | undefined {
  switch (method) {
    case 'GET':
      return 'get';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return 'delete';
    default:
      return undefined;
  }
}

/** Some parts of an object are made, such as its tokens. */
function partVerb(method: string, subresource: string | undefined): Verb | undefined {
  return method === 'POST' && subresource !== undefined ? 'create' : undefined;
}

/** A boolean parameter: absent, `0` and `false` are false, everything else is true. */
export function isTrue(value: string | null): boolean {
  return value !== null && value !== '0' && value.toLowerCase() !== 'false';
}
