import type { Resource } from '../../kinds/object.ts';
import { check } from '../../kinds/schema/compile.ts';
import { isStoreError } from '../../store/errors.ts';
import type { FieldValidation } from '../../store/types.ts';
import { strictRefusal } from '../body/strict.ts';
import { fromStore, type Write } from '../status/from-store.ts';
import { ApiError } from '../status/status.ts';

/** What a body was found to have, and whether its sender wants to know. */
export interface Found {
  readonly validation: FieldValidation;
  readonly findings: readonly string[];
}

/** Runs a write and puts its refusal into the words of the wire. `found` is what is known of the body by then. */
export async function written<T>(write: Write, found: () => Found, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const { validation, findings } = found();
    if (isStoreError(error, 'Invalid') && error.unknown.length > 0) throw strictRefusal(write, error.unknown, findings);
    const refusal = fromStore(error, write);
    if (refusal instanceof ApiError && validation === 'Warn') refusal.warnings = findings;
    throw refusal;
  }
}

/**
 * Under Strict, refuses a body with duplicate keys, and names the fields of the object that nobody knows as well. Otherwise
 * duplicates are warnings at most.
 */
export function refuseFindings(
  write: Write,
  validation: FieldValidation,
  findings: readonly string[],
  object: Resource,
): void {
  if (validation !== 'Strict' || findings.length === 0) return;
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, ...content } = object;
  const unknown = write.served.stored === undefined ? [] : check(write.served.stored.schema, content).unknown;
  throw strictRefusal(write, unknown, findings);
}

/** Warnings of a write: what was found in its body, unless nobody wants to know, and what the store says. */
export function warningsOf(
  validation: FieldValidation,
  findings: readonly string[],
  fromStore: readonly string[],
): readonly string[] {
  return validation === 'Warn' ? [...findings, ...fromStore] : fromStore;
}
