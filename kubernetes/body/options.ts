import type { DeleteOptions, FieldValidation, Propagation } from '../../store/types.ts';
import { isTrue } from '../http/verb.ts';
import { decodeProtobuf } from '../protobuf/decode-protobuf.ts';
import { badRequest, invalidOptions } from '../status/refusals.ts';
import type { Cause } from '../status/status.ts';
import { DecodeError } from './decode-error.ts';
import { deleteOptions } from './go-kinds.ts';
import { decodeAs } from './go-walk.ts';
import { bodyForm } from './media-type.ts';
import { dryRunCauses, managerCauses, managerOf, validationCauses } from './option-rules.ts';
import { readJson, textOf } from './read-json.ts';
import { readYaml } from './read-yaml.ts';

/** What the parameters of a write ask for. */
export interface WriteParameters {
  readonly dryRun: boolean;
  readonly fieldValidation: FieldValidation;
  /** Never empty: without the parameter it comes from the User-Agent. */
  readonly fieldManager: string;
  /** Apply takes over fields of others. */
  readonly force: boolean;
}

/**
 * Parameters of a create, an update, a patch or an apply; the last are PatchOptions in messages. `userAgent` names the field
 * manager where no parameter does. Throws 422.
 */
export function readWriteOptions(
  query: URLSearchParams,
  userAgent: string | undefined,
  options: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions' | 'ApplyOptions',
): WriteParameters {
  const manager = query.get('fieldManager') ?? '';
  const validation = query.get('fieldValidation') ?? '';
  const causes = [
    ...(options === 'ApplyOptions' && manager === '' ? [noManager] : []),
    ...(options === 'PatchOptions' && query.has('force') ? [forceForbidden] : []),
    ...managerCauses(manager),
    ...dryRunCauses(query.getAll('dryRun')),
    ...validationCauses(validation),
  ];
  if (causes.length > 0) throw invalidOptions(options === 'ApplyOptions' ? 'PatchOptions' : options, causes);
  return {
    dryRun: query.has('dryRun'),
    fieldValidation: validation === '' ? 'Warn' : (validation as FieldValidation),
    fieldManager: manager === '' ? managerOf(userAgent) : manager,
    force: isTrue(query.get('force')),
  };
}

const noManager: Cause = {
  reason: 'FieldValueRequired',
  message: 'Required value: is required for apply patch',
  field: 'fieldManager',
};
const forceForbidden: Cause = {
  reason: 'FieldValueForbidden',
  message: 'Forbidden: may not be specified for non-apply patch',
  field: 'force',
};

/** How a delete is asked for: its parameters, and the body where there is one. */
interface DeleteRequest {
  readonly query: URLSearchParams;
  readonly bytes: Buffer;
  readonly contentType: string | undefined;
}

/**
 * Options of a delete. A body takes the place of the parameters, except that a dry run asked for in either is one. Throws 415,
 * 400 for what cannot be read, 422 for what is not supported.
 */
export function readDeleteOptions({ query, bytes, contentType }: DeleteRequest): DeleteOptions {
  const {
    dryRun = [],
    propagationPolicy,
    orphanDependents,
    preconditions,
  } = bytes.length > 0 ? deleteBody(bytes, contentType) : deleteParameters(query);
  const dryRuns = [...dryRun, ...query.getAll('dryRun')];
  const causes = [...propagationCauses(propagationPolicy, orphanDependents), ...dryRunCauses([...new Set(dryRuns)])];
  if (causes.length > 0) throw invalidOptions('DeleteOptions', causes);
  const byOrphaning = orphanDependents === undefined ? undefined : orphanDependents ? 'Orphan' : 'Background';
  const propagation = (propagationPolicy as Propagation | undefined) ?? byOrphaning;
  const { uid, resourceVersion } = preconditions ?? {};
  return {
    dryRun: dryRuns.length > 0,
    ...(propagation === undefined ? {} : { propagation }),
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { ifMatch: resourceVersion }),
  };
}

/** Fields of DeleteOptions that mean something here; objects go at once, so there is no grace. */
interface DeleteFields {
  readonly dryRun?: readonly string[];
  readonly propagationPolicy?: string;
  readonly orphanDependents?: boolean;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

function deleteBody(bytes: Buffer, contentType: string | undefined): DeleteFields {
  const form = bodyForm(contentType, 'built-in');
  try {
    const text = form === 'protobuf' ? '' : textOf(bytes);
    const value =
      form === 'protobuf' ? decodeProtobuf(bytes) : (form === 'json' ? readJson(text) : readYaml(text)).value;
    // Decoding has made sure of the types.
    const fields = decodeAs(deleteOptions, value).value as DeleteFields & { readonly kind?: string };
    if (fields.kind === undefined || fields.kind === 'DeleteOptions') return fields;
    throw badRequest(`decoded object cannot be converted to DeleteOptions: it is a ${fields.kind}`);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw badRequest(`DeleteOptions in version "v1" cannot be handled as a DeleteOptions: ${error.message}`);
  }
}

function deleteParameters(query: URLSearchParams): DeleteFields {
  const grace = query.get('gracePeriodSeconds');
  if (grace !== null && !/^[-+]?\d{1,18}$/.test(grace))
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(grace.slice(0, 100))}: invalid syntax`);
  const [policy, orphan] = [query.get('propagationPolicy'), query.get('orphanDependents')];
  const [uid, resourceVersion] = [query.get('uid'), query.get('resourceVersion')];
  return {
    ...(policy === null ? {} : { propagationPolicy: policy }),
    ...(orphan === null ? {} : { orphanDependents: isTrue(orphan) }),
    ...(uid || resourceVersion
      ? { preconditions: { ...(uid ? { uid } : {}), ...(resourceVersion ? { resourceVersion } : {}) } }
      : {}),
  };
}

function propagationCauses(policy: string | undefined, orphan: boolean | undefined): Cause[] {
  if (policy === undefined) return [];
  const shown = JSON.stringify(policy);
  const field = 'propagationPolicy';
  const both = `Invalid value: ${shown}: orphanDependents and deletionPropagation cannot be both set`;
  const other = `Unsupported value: ${shown}: supported values: "Foreground", "Background", "Orphan", "nil"`;
  return [
    ...(orphan === undefined ? [] : [{ reason: 'FieldValueInvalid', message: both, field }]),
    ...(policies.has(policy) ? [] : [{ reason: 'FieldValueNotSupported', message: other, field }]),
  ];
}

const policies = new Set(['Foreground', 'Background', 'Orphan']);
