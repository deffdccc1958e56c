import { objectOf } from './model.js';
/** Every field of a kind that names an object of another, in the order of the SDL. */
export function referencesOf(model, kind) {
    const found = [];
    const visit = (typeName, prefix) => {
        for (const field of objectOf(model, typeName).fields) {
            if (field.name === 'metadata' && prefix === '')
                continue;
            const path = `${prefix}${field.name}${field.list ? '[]' : ''}`;
            if (field.ref && (field.ref.holders?.includes(kind.name) ?? true)) {
                found.push(referenceOf(model, kind, field.ref, path, field.category === 'object' ? 'object' : 'name'));
            }
            if (field.category === 'object')
                visit(field.type, `${path}.`);
        }
    };
    visit(kind.name, '');
    return found;
}
function referenceOf(model, kind, ref, path, form) {
    if (!model.kinds.some((other) => other.name === ref.kind))
        throw new Error(`${kind.name}: ${path} refers to ${ref.kind}, which is no kind`);
    if (ref.field === undefined)
        return { path, kind: ref.kind, form };
    return { path, kind: ref.kind, form, field: ref.field, inverse: ref.inverse ?? kind.pluralField };
}
