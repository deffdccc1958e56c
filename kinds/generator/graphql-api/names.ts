import { fieldOf, pluralFieldOf } from '../names.ts';

/** Names of all that the API has for one kind. */
export interface ApiNames {
  readonly type: string;
  /** Query field that looks one object up. */
  readonly one: string;
  /** Query field that lists. */
  readonly many: string;
  readonly create: string;
  readonly update: string;
  readonly apply: string;
  readonly delete: string;
  /** Subscription field. */
  readonly watch: string;
  /** Subscription field of what was made in a cloud for one object. */
  readonly watchCloudResources: string;
  readonly connection: string;
  readonly edge: string;
  readonly event: string;
  /** Twin of the type for creating. */
  readonly input: string;
  /** Twin of the type for merging and applying: every field may be absent or null. */
  readonly patch: string;
  readonly createPayload: string;
  readonly updatePayload: string;
  readonly applyPayload: string;
  readonly deletePayload: string;
}

/** Names of all that the API has for one kind. */
export function apiNames({ name, plural }: { readonly name: string; readonly plural: string }): ApiNames {
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
    watchCloudResources: `watch${name}CloudResources`,
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
