import { objectOf, readModel } from './model.js';
import { referencesOf } from './relations.js';
import { schemaOfKind, schemaOfObject } from './schemas.js';
/** The facts of all kinds of the SDL. */
export function factsOf(model) {
    return {
        kinds: model.kinds.map((kind) => kindOf(model, kind)),
        metadata: schemaOfObject(model, objectOf(model, 'ObjectMeta')),
    };
}
/** graphql-codegen plugin: `generated/facts.json`. */
export function plugin(schema) {
    return `${JSON.stringify(factsOf(readModel(schema)), undefined, 1)}\n`;
}
function kindOf(model, kind) {
    const { fields } = objectOf(model, kind.name);
    return {
        id: kind.name,
        name: kind.name,
        group: kind.group,
        version: kind.version,
        plural: kind.plural,
        singular: kind.name.toLowerCase(),
        shortNames: kind.shortNames,
        categories: kind.categories,
        scope: kind.scope,
        ...(kind.rootOnly ? { rootOnly: true } : {}),
        area: kind.area,
        description: kind.description,
        schema: schemaOfKind(model, kind),
        columns: kind.columns,
        hasStatus: fields.some((field) => field.name === 'status'),
        hasScale: kind.scalable,
        conditions: kind.conditions,
        references: referencesOf(model, kind),
        owners: kind.owned.map(({ by, field, inverse }) => ({ kind: by, field, inverse })),
        derived: kind.via,
        selectable: ['metadata.name', ...(kind.scope === 'Namespaced' ? ['metadata.namespace'] : []), ...kind.selectable],
        sensitive: fields.filter((field) => field.sensitive).map((field) => field.name),
    };
}
