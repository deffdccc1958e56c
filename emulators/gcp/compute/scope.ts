import { invalidValue } from '../http/api-error.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { param } from '../http/api-request.ts';
import { REGION_NAMES, ZONE_NAMES } from './catalog/places.ts';

export type ScopeKind = 'global' | 'region' | 'zone';

/** Where a resource lives. */
export type Scope =
  | { readonly kind: 'global' }
  | { readonly kind: 'region'; readonly name: string }
  | { readonly kind: 'zone'; readonly name: string };

const PROJECT =
  /^(?:(?:[-a-z0-9]{1,63}\.)*[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?:)?(?:\d{1,19}|[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)$/;

/** The path part of a scope's collections: `global`, `regions/{region}`, `zones/{zone}`. */
export function scopePattern(kind: ScopeKind): string {
  return kind === 'global' ? 'global' : `${kind}s/{${kind}}`;
}

/** `global`, `regions/r` or `zones/z` */
export function scopePath(scope: Scope): string {
  return scope.kind === 'global' ? 'global' : `${scope.kind}s/${scope.name}`;
}

export function projectOf(request: ApiRequest): string {
  const project = param(request, 'project');
  if (!PROJECT.test(project)) throw invalidValue('project', project, `Must be a match of regex '${PROJECT.source}'`);
  return project;
}

/** The scope that the path of a request names; 400 when there is no such region or zone. */
export function scopeOf({ params }: ApiRequest): Scope {
  const { region, zone } = params;
  if (zone !== undefined) {
    if (!ZONE_NAMES.has(zone)) throw invalidValue('zone', zone, 'Unknown zone.');
    return { kind: 'zone', name: zone };
  }
  if (region === undefined) return { kind: 'global' };
  if (!REGION_NAMES.has(region)) throw invalidValue('region', region, 'Unknown region.');
  return { kind: 'region', name: region };
}

/** The region of a zone: its name without the last letter. */
export function regionOfZone(zone: string): string {
  return zone.slice(0, zone.lastIndexOf('-'));
}

/** The region that a zone or region belongs to; empty for the whole project. */
export function regionOfScope(scope: Scope): string {
  if (scope.kind === 'global') return '';
  return scope.kind === 'zone' ? regionOfZone(scope.name) : scope.name;
}

/** The scope in a key such as `projects/p/zones/z/instances/i`. */
export function scopeOfKey(key: string): Scope {
  const [, , kind = '', name = ''] = key.split('/');
  if (kind === 'zones') return { kind: 'zone', name };
  return kind === 'regions' ? { kind: 'region', name } : { kind: 'global' };
}

export function projectOfKey(key: string): string {
  return key.split('/')[1] ?? '';
}
