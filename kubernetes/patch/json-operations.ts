import { isObject } from '../../kinds/schema/json.ts';
import { DecodeError } from '../body/decode-error.ts';
import { tooManyOperations } from './patch-refusals.ts';

/** One operation of a JSON patch as it was sent; what it needs is checked when it is done. */
export interface JsonOperation {
  readonly op?: unknown;
  readonly path?: unknown;
  readonly from?: unknown;
  readonly value?: unknown;
}

const maxOperations = 10_000;
const members = new Set(['op', 'path', 'from', 'value']);

/** The operations of a body. Throws DecodeError where it is no list of objects, 413 where there are too many. */
export function operationsOf(body: unknown): readonly JsonOperation[] {
  if (!Array.isArray(body)) throw new DecodeError('a JSON patch must be a list of operations');
  if (!body.every(isObject)) throw new DecodeError('an operation of a JSON patch must be an object');
  if (body.length > maxOperations) throw tooManyOperations(maxOperations, body.length);
  return body;
}

/** Findings about members that mean nothing: `json patch unknown field "[0].note"`. */
export function operationFindings(operations: readonly JsonOperation[]): string[] {
  const findings: string[] = [];
  for (const [index, operation] of operations.entries()) {
    for (const name of Object.keys(operation)) {
      if (!members.has(name) && findings.length < maxFindings)
        findings.push(`json patch unknown field "[${index}].${name}"`);
    }
  }
  return findings;
}

const maxFindings = 100;
