import type { Kind } from '../kinds/kind.ts';
import type { Resource } from '../kinds/object.ts';
import { StoreError } from './errors.ts';

/** One part of a field selector; all parts must hold. */
export interface FieldRequirement {
  readonly path: string;
  readonly equal: boolean;
  readonly value: string;
}

/** Parses `metadata.name=web,status.phase!=Active`; `\` keeps the meaning from a comma or equals sign. Throws BadRequest. */
export function parseFieldSelector(text: string): FieldRequirement[] {
  const parts = text.match(/(\\[^]|[^\\,])+|\\$/g) ?? [];
  return parts
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const match = /^\s*([^!=\s]+)\s*(==|=|!=)((?:\\[^]|[^\\=])*)$/.exec(part);
      if (match === null) throw new StoreError('BadRequest', `invalid selector: '${text}'; can't understand '${part}'`);
      const [, path = '', operator, value = ''] = match;
      return { path, equal: operator !== '!=', value: value.trim().replace(/\\([^])/g, '$1') };
    });
}

/** The one name that a field selector leaves, if it names one. Throws nothing: what cannot be read names none. */
export function selectedName(text: string | null | undefined): string | undefined {
  if (!text?.includes('metadata.name')) return undefined;
  try {
    return parseFieldSelector(text).find(({ path, equal }) => path === 'metadata.name' && equal)?.value;
  } catch {
    return undefined;
  }
}

/** Parses a field selector of a kind: only its selectable paths may be named. Throws BadRequest. */
export function fieldRequirements(kind: Kind, text: string): FieldRequirement[] {
  const requirements = parseFieldSelector(text);
  for (const { path } of requirements) {
    if (!kind.selectable.includes(path)) throw new StoreError('BadRequest', `field label not supported: ${path}`);
  }
  return requirements;
}

/** Text of a selectable field; empty when absent. */
export function fieldValue(object: Resource, path: string): string {
  let value: unknown = object;
  for (const step of path.split('.')) {
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as Record<string, unknown>)[step]
        : undefined;
  }
  return value === undefined || value === null ? '' : String(value);
}
