import type { ClientCore } from '../client/create-client.ts';
import type { CallOptions } from '../client/options.ts';
import { NotFoundError } from '../client/errors.ts';
import type { AnyKind, Kind, RelationText } from '../client/kind.ts';

interface TypeRef {
  readonly kind: string;
  readonly name?: string;
  readonly ofType?: TypeRef;
}

interface Field {
  readonly name: string;
  readonly args: readonly { readonly name: string }[];
  readonly type: TypeRef;
}

interface Type {
  readonly name: string;
  readonly kind: string;
  readonly interfaces?: readonly { readonly name: string }[];
  readonly fields?: readonly Field[];
}

const typeRef = 'kind name ofType{kind name ofType{kind name ofType{kind name}}}';
const introspection = `query Discover{__schema{queryType{name}types{name kind interfaces{name}fields{name args{name}type{${typeRef}}}}}}`;
/** Fields of every object that are no part of it. */
const noParts = ['id', 'viewerCan', 'history', 'cloudResources', 'apiVersion', 'kind', 'metadata'];

/**
 * Finds out what the server has under a name: the plural of a kind, as in `client.workloads`, or the kind itself. For kinds
 * that the program was not built with; `client.resource` takes the answer. Throws NotFoundError for what the server does
 * not have. Needs introspection, which a server may refuse.
 */
export async function discoverKind(
  client: ClientCore,
  name: string,
  options: CallOptions = {},
): Promise<Kind<AnyKind>> {
  const { __schema } = await client.execute<{ __schema: { queryType: { name: string }; types: Type[] } }>(
    introspection,
    undefined,
    options,
  );
  const types = new Map(__schema.types.map((type) => [type.name, type]));
  const queries = types.get(__schema.queryType.name)?.fields ?? [];
  for (const { name: many, type: answer } of queries) {
    const type = types.get(inner(answer).name?.replace(/Connection$/, '') ?? '');
    if (!isConnection(answer) || type === undefined || (many !== name && type.name !== name)) continue;
    const one = queries.find(
      (field) => inner(field.type).name === type.name && field.args.some((arg) => arg.name === 'name'),
    );
    if (one === undefined) continue;
    return {
      type: type.name,
      one: one.name,
      many,
      apiVersion: '',
      namespaced: one.args.some((arg) => arg.name === 'namespace'),
      ...partsOf(types, type),
    };
  }
  throw new NotFoundError({ kind: 'kind', name });
}

/** The type's fields, and how its relations lead to other kinds. */
function partsOf(types: ReadonlyMap<string, Type>, type: Type): Pick<Kind, 'fields' | 'metadata' | 'relations'> {
  const relations: Record<string, RelationText> = {};
  const fields: string[] = [];
  for (const field of type.fields ?? []) {
    if (noParts.includes(field.name)) continue;
    const target = types.get(inner(field.type).name ?? '');
    if (target !== undefined && isConnection(field.type))
      relations[field.name] = `referrers ${target.name.replace(/Connection$/, '')}`;
    else if (target !== undefined && isKind(target))
      relations[field.name] = `${isList(field.type) ? 'references' : 'reference'} ${target.name}`;
    else fields.push(selectionOf(types, field, [type.name]));
  }
  const metadata = type.fields?.find((field) => field.name === 'metadata');
  const inside = metadata === undefined ? '' : selectionOf(types, metadata, []);
  return { fields: fields.join(' '), metadata: inside.slice('metadata{'.length, -1), relations };
}

/** A field with all its parts; without those that would lead in a circle. */
function selectionOf(types: ReadonlyMap<string, Type>, { name, type }: Field, inside: readonly string[]): string {
  const target = types.get(inner(type).name ?? '');
  if (target?.kind !== 'OBJECT') return name;
  const parts = (target.fields ?? []).filter((field) => !inside.includes(inner(field.type).name ?? ''));
  return `${name}{${parts.map((field) => selectionOf(types, field, [...inside, target.name])).join(' ')}}`;
}

function inner(type: TypeRef): TypeRef {
  return type.ofType === undefined ? type : inner(type.ofType);
}

function isList(type: TypeRef): boolean {
  return type.kind === 'LIST' || (type.ofType !== undefined && isList(type.ofType));
}

function isConnection(type: TypeRef): boolean {
  return inner(type).name?.endsWith('Connection') === true;
}

function isKind(type: Type): boolean {
  return type.interfaces?.some(({ name }) => name === 'Resource') === true;
}
