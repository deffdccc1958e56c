import { getDirectiveValues, isEnumType, isListType, isNonNullType, isObjectType, isScalarType } from 'graphql';
import { pluralFieldOf } from './names.js';
/** Reads the SDL of the kinds. Throws when a directive holds what cannot be, with the field's name. */
export function readModel(schema) {
    const types = Object.values(schema.getTypeMap())
        .filter((type) => !type.name.startsWith('__'))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const objects = types.filter(isObjectType);
    return {
        kinds: objects.flatMap((type) => readKind(schema, type) ?? []),
        objects: new Map(objects.map((type) => [type.name, readObject(schema, type)])),
        enums: new Map(types.filter(isEnumType).map((type) => [
            type.name,
            {
                name: type.name,
                description: type.description ?? '',
                // The loader may sort; the syntax tree has the order of the file.
                values: (type.astNode?.values ?? []).map((value) => ({
                    name: value.name.value,
                    description: value.description?.value ?? '',
                })),
            },
        ])),
    };
}
/** The object type of that name. Throws when there is none. */
export function objectOf(model, name) {
    const found = model.objects.get(name);
    if (found === undefined)
        throw new Error(`No object type ${name} in the kinds' SDL`);
    return found;
}
function readKind(schema, type) {
    const node = astOf(type);
    const kind = one(schema, 'kind', node);
    if (kind === undefined)
        return undefined;
    return {
        name: type.name,
        description: type.description ?? '',
        ...kind,
        pluralField: pluralFieldOf(type.name, String(kind['plural'])),
        // Spelled out, since the loader decides the order of a directive's arguments.
        columns: each(schema, 'column', node).map(({ name, type, jsonPath, wide }) => ({
            name,
            type,
            jsonPath,
            wide,
        })),
        owned: each(schema, 'owned', node),
        via: each(schema, 'via', node).map(({ field, path, single }) => ({
            field,
            path,
            single,
        })),
    };
}
function readObject(schema, type) {
    const node = astOf(type);
    const oneOf = one(schema, 'oneOf', node);
    const fields = type.getFields();
    return {
        name: type.name,
        description: type.description ?? '',
        fields: (node.fields ?? []).map((field) => {
            const known = fields[field.name.value];
            if (known === undefined)
                throw new Error(`${type.name}.${field.name.value} has no type`);
            return readField(schema, type.name, known, field);
        }),
        ...(oneOf && { oneOf: { fields: oneOf.fields, optional: oneOf.optional } }),
    };
}
function readField(schema, owner, field, node) {
    const outer = isNonNullType(field.type) ? field.type.ofType : field.type;
    const list = isListType(outer);
    const inner = list ? outer.ofType : outer;
    const named = isNonNullType(inner) ? inner.ofType : inner;
    const category = isObjectType(named)
        ? 'object'
        : isEnumType(named)
            ? 'enum'
            : isScalarType(named)
                ? 'scalar'
                : undefined;
    if (category === undefined)
        throw new Error(`${owner}.${field.name}: lists of lists, interfaces and unions have no place in a kind`);
    const listMap = one(schema, 'listMap', node);
    const listType = listMap
        ? { type: 'map', keys: listMap['keys'] }
        : one(schema, 'listSet', node)
            ? { type: 'set' }
            : one(schema, 'listAtomic', node)
                ? { type: 'atomic' }
                : undefined;
    const fallback = one(schema, 'default', node);
    const ref = one(schema, 'ref', node);
    const notYet = one(schema, 'notYet', node);
    return {
        name: field.name,
        description: field.description ?? '',
        type: named.name,
        category,
        list,
        required: isNonNullType(field.type),
        rule: (one(schema, 'rule', node) ?? {}),
        ...(listType && { listType }),
        mapAtomic: one(schema, 'mapAtomic', node) !== undefined,
        ...(fallback && {
            default: { value: jsonOf(`${owner}.${field.name}`, fallback['value']), stored: fallback['stored'] === true },
        }),
        ...(ref && { ref }),
        sensitive: one(schema, 'sensitive', node) !== undefined,
        ...(notYet && { notYet: 'except' in notYet ? { except: jsonOf(`${owner}.${field.name}`, notYet['except']) } : {} }),
    };
}
function astOf(type) {
    if (!type.astNode)
        throw new Error(`${type.name} was not read from SDL`);
    return type.astNode;
}
function one(schema, name, node) {
    const directive = schema.getDirective(name);
    if (!directive)
        throw new Error(`kinds/directives.graphql does not define @${name}`);
    return getDirectiveValues(directive, node);
}
/** Arguments of each use of a repeatable directive, in order; getDirectiveValues answers only the first. */
function each(schema, name, node) {
    return (node.directives ?? [])
        .filter((used) => used.name.value === name)
        .map((used) => one(schema, name, { ...node, directives: [used] }));
}
function jsonOf(where, text) {
    try {
        return JSON.parse(String(text));
    }
    catch (cause) {
        throw new Error(`${where}: ${String(text)} is not JSON`, { cause });
    }
}
