import { isObject } from '../../kinds/schema/json.ts';
import type { FieldValidation } from '../../store/types.ts';
import { shapeOf } from '../body/decode-body.ts';
import { DecodeError } from '../body/decode-error.ts';
import { checkName, checkNamespace } from '../body/identity.ts';
import { textOf } from '../body/read-json.ts';
import { readYaml } from '../body/read-yaml.ts';
import { decodeTyped } from '../body/typed.ts';
import type { Target } from '../http/target.ts';
import { groupVersion } from '../served/served.ts';
import { badRequest } from '../status/refusals.ts';

/** A configuration to apply, as it was sent. */
export interface ApplyBody {
  readonly value: Readonly<Record<string, unknown>>;
  /** Keys that came twice: `line 6: key "mtu" already set in map`. */
  readonly findings: readonly string[];
}

type Address = Pick<Target, 'served' | 'namespace' | 'name' | 'subresource'>;

/**
 * Reads the body of an apply, YAML or JSON. Throws 400 where it is not an object that the URL could name, and under Strict
 * where keys came twice.
 */
export function readApplyBody(bytes: Buffer, address: Address, validation: FieldValidation): ApplyBody {
  try {
    const { value, duplicates } = readYaml(textOf(bytes));
    if (validation === 'Strict' && duplicates.length > 0)
      throw badRequest(`error strict decoding YAML: yaml: unmarshal errors:\n  ${duplicates.join('\n  ')}`);
    if (!isObject(value)) throw new DecodeError('the body must be an object');
    checkIdentity(value, address);
    // The URL says the name where the body does not.
    const metadata = { ...(isObject(value['metadata']) ? value['metadata'] : {}), name: address.name ?? '' };
    return { value: { ...value, metadata }, findings: duplicates };
  } catch (error) {
    throw error instanceof DecodeError ? badRequest(`error decoding YAML: ${error.message}`) : error;
  }
}

function checkIdentity(value: Readonly<Record<string, unknown>>, address: Address): void {
  const shape = shapeOf(address);
  const expected = groupVersion(shape);
  const { apiVersion, kind } = value;
  if (typeof kind !== 'string' || kind === '') throw new DecodeError("Object 'Kind' is missing");
  if (apiVersion !== expected) {
    const found = typeof apiVersion === 'string' ? apiVersion : '';
    throw badRequest(
      `Incorrect version specified in apply patch. Specified patch version: ${found}, expected: ${expected}`,
    );
  }
  if (kind !== shape.kind)
    throw badRequest(`the kind in the data (${kind}) does not match the expected kind (${shape.kind})`);
  // Only to see that it decodes: what is applied are the fields as they were sent.
  const { metadata } = decodeTyped(value, { apiVersion, kind }).value;
  if (metadata.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil');
  if (metadata.name !== undefined) checkName(metadata, address.name ?? '');
  checkNamespace(metadata, address.namespace);
}
