import type { JsonObject } from '../core/json.ts';
import { stringAt } from '../core/json.ts';
import { invalidValue } from '../http/api-error.ts';
import { keyOf, linkOf } from './links.ts';
import type { Target } from './resource-type.ts';
import { scopePath } from './scope.ts';

/** Keys of what these fields of a stored body refer to; stored references are full URLs. */
export function referredKeys(body: JsonObject, ...fields: readonly string[]): readonly string[] {
  return fields.flatMap((field) => referredKey(stringAt(body, field)) ?? []);
}

/** Key of what a stored URL refers to. */
export function referredKey(link: string | undefined): string | undefined {
  return link === undefined ? undefined : keyOf(link, NOWHERE);
}

const NOWHERE = { project: '' };

/**
 * The full URL of what a request refers to in `field`. 400 unless it is one of these collections. Short references start
 * from the target's project, and `collection/name` from its zone, region or project.
 */
export function linkTo(target: Target, reference: string, field: string, ...collections: readonly string[]): string {
  return linkOf(keyTo(target, reference, field, ...collections));
}

/** As `linkTo`, but the key. */
export function keyTo(target: Target, reference: string, field: string, ...collections: readonly string[]): string {
  const { project, scope } = target;
  const isInScope = collections.some((collection) => reference.startsWith(`${collection}/`));
  const key = keyOf(isInScope ? `${scopePath(scope)}/${reference}` : reference, { project });
  if (key === undefined || !collections.includes(key.split('/').at(-2) ?? '')) {
    throw invalidValue(field, reference, 'The URL is malformed.');
  }
  return key;
}
