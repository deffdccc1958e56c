import { objectOf } from './model.js';
const scalars = {
    String: { type: 'string' },
    ID: { type: 'string' },
    Boolean: { type: 'boolean' },
    Int: { type: 'integer', format: 'int32' },
    Int64: { type: 'integer', format: 'int64' },
    Float: { type: 'number' },
    Time: { type: 'string', format: 'date-time' },
    MicroTime: { type: 'string', format: 'date-time' },
    IntOrString: { anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true },
    Quantity: {
        anyOf: [{ type: 'integer' }, { type: 'string' }],
        'x-kubernetes-int-or-string': true,
        format: 'quantity',
    },
    StringMap: { type: 'object', additionalProperties: { type: 'string' } },
    BytesMap: { type: 'object', additionalProperties: { type: 'string', format: 'base64' } },
    JSON: { 'x-kubernetes-preserve-unknown-fields': true },
};
function scalarSchema(name) {
    if (name === 'QuantityMap')
        return { type: 'object', additionalProperties: scalarSchema('Quantity') };
    const found = scalars[name];
    if (found === undefined)
        throw new Error(`No schema for scalar ${name}`);
    return found;
}
/** Schema of an object type; `skip` names fields that are left out. */
export function schemaOfObject(model, type, skip = []) {
    const fields = type.fields.filter((field) => !skip.includes(field.name));
    const required = fields.filter((field) => field.required).map((field) => field.name);
    return {
        type: 'object',
        ...(type.description !== '' && { description: type.description }),
        properties: Object.fromEntries(fields.map((field) => [field.name, schemaOfField(model, field)])),
        ...(required.length > 0 && { required }),
        ...(type.oneOf && { 'x-datum-one-of': type.oneOf }),
    };
}
/** Schema of a kind's objects without apiVersion, kind and metadata; conditions get their initial state. */
export function schemaOfKind(model, kind) {
    const schema = schemaOfObject(model, objectOf(model, kind.name), ['metadata']);
    const status = schema.properties?.['status'];
    const conditions = status?.properties?.['conditions'];
    if (kind.conditions.length === 0)
        return schema;
    if (status === undefined || conditions === undefined)
        throw new Error(`${kind.name} has conditions but no status.conditions`);
    const initial = kind.conditions.map((type) => ({
        lastTransitionTime: '1970-01-01T00:00:00Z',
        message: 'Waiting for controller',
        reason: 'Pending',
        status: 'Unknown',
        type,
    }));
    const withInitial = {
        ...status,
        properties: { ...status.properties, conditions: { ...conditions, default: initial } },
        default: {},
    };
    return { ...schema, properties: { ...schema.properties, status: withInitial } };
}
function schemaOfField(model, field) {
    const atomic = field.mapAtomic && { 'x-kubernetes-map-type': 'atomic' };
    const item = { ...valueSchema(model, field), ...itemRules(field), ...atomic };
    const value = field.list ? listSchema(field, item) : item;
    const { description: typeDescription, ...rest } = value;
    const description = field.description || (field.list ? '' : typeDescription);
    return {
        ...rest,
        ...(description && { description }),
        ...(field.rule.immutable && {
            'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: `${field.name} is immutable` }],
            'x-datum-immutable': true,
        }),
        ...defaults(field),
        ...(field.sensitive && { 'x-datum-sensitive': true }),
        ...(field.notYet && { 'x-datum-not-yet': 'except' in field.notYet ? { except: field.notYet.except } : {} }),
    };
}
function valueSchema(model, field) {
    switch (field.category) {
        case 'object':
            return schemaOfObject(model, objectOf(model, field.type));
        case 'enum':
            return { type: 'string', enum: model.enums.get(field.type)?.values.map((value) => value.name) ?? [] };
        case 'scalar':
            return scalarSchema(field.type);
    }
}
function itemRules({ rule }) {
    return {
        ...(rule.min !== undefined && { minimum: rule.min }),
        ...(rule.max !== undefined && { maximum: rule.max }),
        ...(rule.minLength !== undefined && { minLength: rule.minLength }),
        ...(rule.maxLength !== undefined && { maxLength: rule.maxLength }),
        ...(rule.pattern !== undefined && { pattern: rule.pattern }),
        ...(rule.format !== undefined && { format: rule.format }),
        ...(rule.enum !== undefined && { enum: rule.enum }),
    };
}
function listSchema(field, items) {
    return {
        type: 'array',
        items,
        ...(field.rule.minItems !== undefined && { minItems: field.rule.minItems }),
        ...(field.rule.maxItems !== undefined && { maxItems: field.rule.maxItems }),
        ...(field.listType && { 'x-kubernetes-list-type': field.listType.type }),
        ...(field.listType?.type === 'map' && { 'x-kubernetes-list-map-keys': field.listType.keys }),
    };
}
function defaults(field) {
    if (field.default === undefined)
        return {};
    return field.default.stored ? { default: field.default.value } : { 'x-datum-default': field.default.value };
}
