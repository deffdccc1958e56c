import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Read } from './admit.ts';
import { checkObject } from './check-object.ts';
import type { Location } from './generated/types.ts';
import type { Kind } from './kind.ts';
import type { ObjectMeta, Resource } from './object.ts';
import { builtInRegistry } from './registry.ts';
import type { Schema } from './schema/schema.ts';

// What a real Kubernetes API server was loaded with and answered. It lies beside the repository, not in it.
const golden = new URL('../../shared/golden/kubernetes/', import.meta.url);
const present = existsSync(golden);
if (!present) console.warn('Golden answers skipped: ../shared/golden/kubernetes is not beside the repository');

interface Definition {
  readonly spec: {
    readonly group: string;
    readonly names: {
      readonly kind: string;
      readonly plural: string;
      readonly singular: string;
      readonly shortNames?: readonly string[];
    };
    readonly scope: string;
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: Schema };
      readonly additionalPrinterColumns?: readonly {
        name: string;
        type: string;
        jsonPath: string;
        priority?: number;
      }[];
    }[];
  };
}

interface Case {
  readonly id: string;
  readonly method?: string;
  readonly path?: string;
  readonly body?: unknown;
  readonly answer?: {
    readonly status?: number;
    readonly body?: { readonly details?: { readonly causes?: readonly Cause[] } };
  };
}

interface Cause {
  readonly field: string;
  readonly reason: string;
  readonly message?: string;
}

function read<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(file, golden), 'utf8')) as T;
}

describe.skipIf(!present)('golden schemas', () => {
  const registry = builtInRegistry();
  const definitions = present ? read<{ items: Definition[] }>('kinds.json').items : [];

  test.each(definitions.map((definition) => [definition.spec.names.kind, definition] as const))(
    '%s',
    (name, { spec }) => {
      const kind = registry.get(name);
      const [version] = spec.versions;
      expect(kind).toMatchObject({
        group: spec.group,
        version: version?.name,
        scope: spec.scope,
        plural: spec.names.plural,
        singular: spec.names.singular,
      });
      expect(kind.shortNames).toEqual(spec.names.shortNames ?? []);
      expect(kind.columns.map(({ wide, ...column }) => ({ ...column, ...(wide && { priority: 1 }) }))).toEqual(
        version?.additionalPrinterColumns ?? [],
      );
      const {
        apiVersion: _,
        kind: _kind,
        metadata: _metadata,
        ...properties
      } = version?.schema.openAPIV3Schema.properties ?? {};
      expect(differences('', { ...version?.schema.openAPIV3Schema, properties }, kind.schema)).toEqual([]);
    },
  );
});

/** Where our schema does not say what the recorded one says; what ours says beyond it is fine, save stored defaults. */
function differences(path: string, recorded: Schema, ours: Schema | undefined): string[] {
  if (ours === undefined) return [`${path} is missing`];
  const found: string[] = [];
  const { properties = {}, items, additionalProperties, required = [], description: _, ...rest } = recorded;
  for (const [keyword, value] of Object.entries(rest)) {
    if (JSON.stringify(sorted(value)) !== JSON.stringify(sorted(ours[keyword as keyof Schema])))
      found.push(`${path}: ${keyword}`);
  }
  if (ours.default !== undefined && recorded.default === undefined) found.push(`${path}: default`);
  if (JSON.stringify(required.toSorted()) !== JSON.stringify((ours.required ?? []).toSorted()))
    found.push(`${path}: required`);
  if (items) found.push(...differences(`${path}[]`, items, ours.items));
  if (additionalProperties) found.push(...differences(`${path}{}`, additionalProperties, ours.additionalProperties));
  for (const [name, property] of Object.entries(properties))
    found.push(...differences(`${path}.${name}`, property, ours.properties?.[name]));
  for (const [name, property] of Object.entries(ours.properties ?? {})) {
    if (!Object.hasOwn(properties, name) && property.default !== undefined)
      found.push(`${path}.${name}: default beyond the recorded schema`);
  }
  return found;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

describe.skipIf(!present)('golden creates', () => {
  const registry = builtInRegistry();
  const cases = present
    ? ['crud', 'fields', 'patch', 'list', 'table', 'watch', 'builtin'].flatMap(
        (topic) => read<{ cases: Case[] }>(`cases/${topic}.json`).cases,
      )
    : [];
  const locations = cases.flatMap(({ body }) =>
    (body as Resource | undefined)?.kind === 'Location' ? [body as Location] : [],
  );
  const readLocations: Read = {
    list: (kind) => Promise.resolve((kind === 'Location' ? locations : []) as never[]),
    get: () => Promise.resolve(undefined),
  };
  const creates = cases.flatMap((each) => {
    const body = each.body as Partial<Resource> | undefined;
    const kind = body?.apiVersion === undefined ? undefined : registry.byManifest(body.apiVersion, body.kind ?? '');
    const status = each.answer?.status;
    if (each.method !== 'POST' || kind === undefined || (status !== 201 && status !== 422) || 'repeat' in each)
      return [];
    if (each.path?.includes('?') || !each.path?.endsWith(`/${kind.plural}`)) return [];
    return [[`${each.id} ${kind.id} ${status}`, each, kind] as const];
  });

  test('there are enough', () => {
    expect(creates.length).toBeGreaterThan(100);
  });

  test.each(creates)('%s', async (_name, each, kind) => {
    const { problems } = await checkObject(kind, asSent(kind, each.body as Resource), undefined, readLocations);
    const causes = each.answer?.body?.details?.causes;
    // A few answers are recorded without their texts.
    if (each.answer?.status === 422 && causes === undefined) return expect(problems).not.toEqual([]);
    const expected = (causes ?? [])
      .filter((cause) => cause.field !== '<nil>')
      .map(({ field, reason, message }) => ({ path: field, reason, ...(message && { message }) }));
    expect(problems.toSorted(byPath)).toMatchObject(expected.toSorted(byPath));
    expect(problems).toHaveLength(expected.length);
  });
});

/** The body with what the store puts there before it checks: namespace, generated name, and no status. */
function asSent(kind: Kind, body: Resource): Resource {
  const text = JSON.stringify(body)
    .replaceAll(/\{\{ns\}\}/g, 'golden')
    .replaceAll(/\{\{[^}]*\}\}/g, 'placeholder');
  const { status: _, ...sent } = JSON.parse(text) as Resource;
  const { generateName } = sent.metadata as Partial<ObjectMeta>;
  const generated = generateName !== undefined && { name: `${generateName}x2bcd` };
  return {
    ...sent,
    metadata: { ...sent.metadata, ...generated, ...(kind.scope === 'Namespaced' && { namespace: 'golden' }) },
  };
}

function byPath(a: { path: string; reason: string }, b: { path: string; reason: string }): number {
  return `${a.path} ${a.reason}` < `${b.path} ${b.reason}` ? -1 : 1;
}
