import type { Served } from '../served/served.ts';
import type { Definitions } from './api-schema.ts';
import { kindDefinitions } from './kind-definitions.ts';
import { metaDefinitions } from './meta-definitions.ts';
import { discoveryPaths, resourcePaths, type Paths } from './paths.ts';
import { versionInfo } from '../discovery/version.ts';

export const info = { title: 'Datum', version: versionInfo.gitVersion } as const;

/** OpenAPI v3 of one group and version. */
export interface OpenApi3 {
  readonly openapi: '3.0.0';
  readonly info: typeof info;
  readonly paths: Paths;
  readonly components: {
    readonly schemas: Definitions;
    readonly securitySchemes: object;
  };
  readonly security: readonly object[];
}

export const bearerToken = {
  type: 'apiKey',
  description: 'Bearer token',
  name: 'authorization',
  in: 'header',
} as const;

/** The document of a group and version with these resources, of which there is at least one. */
export function groupVersionDocument(resources: readonly Served[]): OpenApi3 {
  const of = { group: resources[0]?.group ?? '', version: resources[0]?.version ?? '' };
  const paths = Object.assign({}, discoveryPaths(of), ...resources.map(resourcePaths)) as Paths;
  const schemas = Object.assign({}, metaDefinitions, ...resources.map(kindDefinitions)) as Definitions;
  return {
    openapi: '3.0.0',
    info,
    paths: sorted(paths),
    components: { schemas: sorted(schemas), securitySchemes: { BearerToken: bearerToken } },
    security: [{ BearerToken: [] }],
  };
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
