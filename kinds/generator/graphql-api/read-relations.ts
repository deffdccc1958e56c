import { getNamedType, getNullableType, isListType, isObjectType, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { directive, directives, kindTypes } from './directives.ts';
import { fieldName, pluralTypeName } from './names.ts';
import type { ReferencePath, Relation, Relations } from './relation.ts';

interface Ref {
  readonly kind: string;
  readonly field?: string;
  readonly inverse?: string;
  readonly holders?: readonly string[];
}

/** All relations that the SDL of the kinds declares by @ref, @owned and @via, by kind and field. */
export function readRelations(schema: GraphQLSchema): Relations {
  const relations: Record<string, Record<string, Relation>> = {};
  const kinds = kindTypes(schema);
  for (const kind of kinds) relations[kind.name] = {};
  const set = (kind: string, field: string, relation: Relation): void => {
    const fields = relations[kind];
    if (fields === undefined) throw new Error(`${kind} is not a kind, but a relation ${field} is declared for it`);
    const previous = fields[field];
    if (previous !== undefined && (previous.to !== relation.to || previous.via !== relation.via)) {
      throw new Error(`${kind}.${field} is declared as two different relations`);
    }
    fields[field] = previous === undefined ? relation : merge(previous, relation);
  };

  for (const kind of kinds) {
    for (const { ref, path } of referencesOf(schema, kind)) {
      const single = !path.path.includes('[]');
      if (ref.field !== undefined) set(kind.name, ref.field, { via: 'reference', to: ref.kind, single, paths: [path] });
      set(ref.kind, ref.inverse ?? pluralField(schema, kind), { via: 'referrers', to: kind.name });
    }
    for (const owned of directives<{ by: string; field: string; inverse: string }>(schema, kind, 'owned')) {
      set(kind.name, owned.field, { via: 'owner', to: owned.by });
      set(owned.by, owned.inverse, { via: 'owned', to: kind.name });
    }
  }
  for (const kind of kinds) {
    for (const { field, path, single } of directives<{ field: string; path: string[]; single: boolean }>(schema, kind, 'via')) {
      const to = path.reduce((at, step) => {
        const next = relations[at]?.[step];
        if (next === undefined) throw new Error(`@via of ${kind.name}.${field}: ${at} has no relation ${step}`);
        return next.to;
      }, kind.name);
      set(kind.name, field, { via: 'path', to, single, path });
    }
  }
  return relations;
}

/** Two references under one field are one relation over both paths. */
function merge(a: Relation, b: Relation): Relation {
  if (a.via !== 'reference' || b.via !== 'reference') return a;
  return { ...a, single: false, paths: [...a.paths, ...b.paths] };
}

function pluralField(schema: GraphQLSchema, kind: GraphQLObjectType): string {
  const plural = directive<{ plural: string }>(schema, kind, 'kind')?.plural ?? '';
  return fieldName(pluralTypeName(kind.name, plural));
}

function referencesOf(schema: GraphQLSchema, kind: GraphQLObjectType): { ref: Ref; path: ReferencePath }[] {
  const found: { ref: Ref; path: ReferencePath }[] = [];
  const walk = (type: GraphQLObjectType, prefix: string, seen: readonly string[]): void => {
    for (const field of Object.values(type.getFields())) {
      const path = `${prefix}${field.name}${isListType(getNullableType(field.type)) ? '[]' : ''}`;
      const target = getNamedType(field.type);
      const ref = directive<Ref>(schema, field, 'ref');
      if (ref !== undefined && (ref.holders ?? [kind.name]).includes(kind.name)) {
        found.push({ ref, path: { path, form: isObjectType(target) ? 'object' : 'name' } });
      }
      if (isObjectType(target) && !seen.includes(target.name)) walk(target, `${path}.`, [...seen, target.name]);
    }
  };
  walk(kind, '', [kind.name]);
  return found;
}
