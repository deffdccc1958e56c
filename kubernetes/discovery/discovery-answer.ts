import { stringify } from 'yaml';
import { parseAccept } from '../form/accept.ts';
import type { Answer, Call } from '../http/call.ts';
import type { ServedResources } from '../served/served-resources.ts';
import { methodNotAllowed, notAcceptable } from '../status/refusals.ts';
import { aggregatedDiscovery, aggregatedType } from './aggregated.ts';
import { documentAnswer, documentOf, type Document } from './document.ts';
import { groupsOf, type Group } from './groups.ts';
import { apiGroup, apiGroupList, apiResourceList, apiVersions } from './legacy.ts';
import { versionInfo } from './version.ts';

type Form = 'json' | 'yaml' | 'aggregated';

interface Discovery {
  readonly groups: readonly Group[];
  /** Documents that were asked for, by path and form. */
  readonly made: Map<string, Document>;
}

const discoveries = new WeakMap<ServedResources, Discovery>();

/**
 * Answers `/version`, `/api`, `/apis`, `/api/v1`, `/apis/<group>` and `/apis/<group>/<version>`; undefined for a path that is
 * none of these, or names nothing that is served. Throws 405 and 406. Documents are made when first asked for.
 */
export function discoveryAnswer(
  call: Pick<Call, 'method' | 'path' | 'headers'>,
  served: ServedResources,
): Answer | undefined {
  const path = call.path.length > 1 && call.path.endsWith('/') ? call.path.slice(0, -1) : call.path;
  if (!/^\/(?:version$|apis?(?:$|\/))/.test(path)) return undefined;
  const discovery = discoveryOf(served);
  const bodies = bodiesAt(path, discovery.groups);
  if (bodies === undefined) return undefined;
  if (call.method !== 'GET' && call.method !== 'HEAD') throw methodNotAllowed();
  const form = formOf(call.headers.accept, bodies.aggregated !== undefined);
  const key = `${form} ${path}`;
  let document = discovery.made.get(key);
  if (document === undefined) {
    document = documentIn(form, bodies);
    discovery.made.set(key, document);
  }
  return documentAnswer(call, document);
}

function discoveryOf(served: ServedResources): Discovery {
  let discovery = discoveries.get(served);
  if (discovery === undefined) {
    discovery = { groups: groupsOf(served), made: new Map() };
    discoveries.set(served, discovery);
  }
  return discovery;
}

interface Bodies {
  readonly plain: () => object;
  readonly aggregated?: () => object;
}

function bodiesAt(path: string, groups: readonly Group[]): Bodies | undefined {
  const [, root, ...names] = path.split('/');
  const core = groups.filter(({ name }) => name === '');
  const others = groups.filter(({ name }) => name !== '');
  if (root === 'version') return { plain: () => versionInfo };
  const [group] = root === 'api' ? core : others.filter(({ name }) => name === names[0]);
  const at = root === 'api' ? ['', ...names] : names;
  switch (at.length) {
    case 0:
      return { plain: () => apiGroupList(others), aggregated: () => aggregatedDiscovery(others) };
    case 1:
      if (root === 'api') return { plain: () => apiVersions(group), aggregated: () => aggregatedDiscovery(core) };
      return group && { plain: () => apiGroup(group) };
    case 2: {
      const version = group?.versions.find((each) => each.version === at[1]);
      return version && { plain: () => apiResourceList(version) };
    }
    default:
      return undefined;
  }
}

function formOf(accept: string | undefined, hasAggregated: boolean): Form {
  if (accept === undefined || accept.trim() === '') return 'json';
  for (const { type, subtype, parameters } of parseAccept(accept)) {
    if (type === '*') return 'json';
    if (type !== 'application') continue;
    if (parameters.has('as') || parameters.has('g')) {
      const fits =
        parameters.get('g') === 'apidiscovery.k8s.io' &&
        parameters.get('v') === 'v2' &&
        parameters.get('as') === 'APIGroupDiscoveryList' &&
        !parameters.has('profile');
      if (hasAggregated && subtype === 'json' && fits) return 'aggregated';
    } else if (subtype === 'json' || subtype === '*') return 'json';
    else if (subtype === 'yaml') return 'yaml';
  }
  throw notAcceptable();
}

function documentIn(form: Form, { plain, aggregated = plain }: Bodies): Document {
  switch (form) {
    case 'json':
      return documentOf('application/json', JSON.stringify(plain()));
    case 'yaml':
      return documentOf('application/yaml', stringify(plain()));
    case 'aggregated':
      return documentOf(aggregatedType, JSON.stringify(aggregated()));
  }
}
