import { fingerprintOf } from '../core/fingerprint.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { numberAt, sameJson } from '../core/json.ts';
import type { ApiError } from '../http/api-error.ts';
import { apiError, invalidValue, requiredField } from '../http/api-error.ts';

export const NAME = /^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

/** Fields of every resource that only the server writes. */
export const COMMON_OUTPUT: readonly string[] = ['id', 'kind', 'selfLink', 'creationTimestamp'];

/** 412 unless the request carries the fingerprint in force; 400 when it carries none. */
export function requireFingerprint(sent: Json | undefined, current: string, field: string, what: string): void {
  if (sent === undefined || sent === null || sent === '') throw requiredField(field);
  if (sent !== current) throw staleFingerprint(`Supplied fingerprint does not match current ${what} fingerprint.`);
}

function staleFingerprint(message: string): ApiError {
  return apiError(412, 'conditionNotMet', message);
}

/** The body with a fingerprint that follows from the rest of it. */
export function withFingerprint({ fingerprint: _old, ...body }: JsonObject): JsonObject {
  return { ...body, fingerprint: fingerprintOf(body) };
}

/** 400 unless the number in `field`, if there is one, lies between the two. */
export function checkNumber(value: JsonObject, field: string, min: number, max: number, at = 'resource'): void {
  const number = numberAt(value, field);
  if (number !== undefined && (number < min || number > max)) {
    throw invalidValue(`${at}.${field}`, number, `Must be between ${min} and ${max}, inclusive.`);
  }
}

/** 400 when a patch changes a field that is not among the mutable ones; the same value again is no change. */
export function refuseImmutable(before: JsonObject, patch: JsonObject, mutable: readonly string[]): void {
  for (const [field, value] of Object.entries(patch)) {
    if (value === undefined || mutable.includes(field) || sameJson(before[field], value)) continue;
    throw invalidValue(`resource.${field}`, value, 'The field cannot be changed.');
  }
}
