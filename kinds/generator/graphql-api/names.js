import { fieldOf, pluralFieldOf } from '../names.js';
/** Names of all that the API has for one kind. */
export function apiNames({ name, plural }) {
    const many = pluralFieldOf(name, plural);
    return {
        type: name,
        one: fieldOf(name),
        many,
        create: `create${name}`,
        update: `update${name}`,
        apply: `apply${name}`,
        delete: `delete${name}`,
        watch: `watch${many.charAt(0).toUpperCase()}${many.slice(1)}`,
        connection: `${name}Connection`,
        edge: `${name}Edge`,
        event: `${name}WatchEvent`,
        input: `${name}Input`,
        patch: `${name}Patch`,
        createPayload: `Create${name}Payload`,
        updatePayload: `Update${name}Payload`,
        applyPayload: `Apply${name}Payload`,
        deletePayload: `Delete${name}Payload`,
    };
}
