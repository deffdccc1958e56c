/** `NetworkContext` as a field: `networkContext`; a leading abbreviation is lowered whole. */
export function fieldName(typeName: string): string {
  return typeName.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+$|^[A-Z]/, (head) => head.toLowerCase());
}

/** Plural in the spelling of the type: `NetworkPolicies` of `NetworkPolicy` and the resource name `networkpolicies`. */
export function pluralTypeName(typeName: string, plural: string): string {
  const lower = typeName.toLowerCase();
  let same = 0;
  while (same < lower.length && lower[same] === plural[same]) same += 1;
  return typeName.slice(0, same) + plural.slice(same);
}

/** Names of all that the API has for one kind. */
export function apiNames(kind: { readonly name: string; readonly plural: string }): ApiNames {
  const plural = pluralTypeName(kind.name, kind.plural);
  return {
    type: kind.name,
    one: fieldName(kind.name),
    many: fieldName(plural),
    create: `create${kind.name}`,
    update: `update${kind.name}`,
    delete: `delete${kind.name}`,
    watch: `watch${plural}`,
    connection: `${kind.name}Connection`,
    edge: `${kind.name}Edge`,
    event: `${kind.name}WatchEvent`,
    input: `${kind.name}Input`,
    patch: `${kind.name}Patch`,
    createPayload: `Create${kind.name}Payload`,
    updatePayload: `Update${kind.name}Payload`,
    deletePayload: `Delete${kind.name}Payload`,
  };
}

export interface ApiNames {
  readonly type: string;
  /** Query field that looks one object up. */
  readonly one: string;
  /** Query field that lists. */
  readonly many: string;
  readonly create: string;
  readonly update: string;
  readonly delete: string;
  /** Subscription field. */
  readonly watch: string;
  readonly connection: string;
  readonly edge: string;
  readonly event: string;
  /** Twin of the type for creating. */
  readonly input: string;
  /** Twin of the type for merging: every field may be absent or null. */
  readonly patch: string;
  readonly createPayload: string;
  readonly updatePayload: string;
  readonly deletePayload: string;
}
