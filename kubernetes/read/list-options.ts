import type { Revision } from '../../store/types.ts';
import { badRequest, invalidOptions } from '../status/refusals.ts';
import type { Cause } from '../status/status.ts';
import { isTrue } from '../http/verb.ts';
import { parseRevision } from './revision.ts';

/** Parameters of a list or a watch, as far as they can be read without knowing what is listed. */
export interface ListOptions {
  /** Absent: all. */
  readonly limit?: number;
  /** Not empty. */
  readonly continue?: string;
  /** Absent: not given, or `0`. */
  readonly revision?: Revision;
  /** Whether the list shows exactly `revision`; otherwise whatever is not older. */
  readonly exact: boolean;
  /** Undefined where it was not given. */
  readonly sendInitialEvents?: boolean;
}

const matches = ['Exact', 'NotOlderThan'] as const;

/** Reads the parameters of a list. Throws 400 for what cannot be read, 422 for what does not go together. */
export function listOptions(query: URLSearchParams): ListOptions {
  const options = readOptions(query);
  const causes = listCauses(query);
  if (causes.length > 0) throw invalidOptions('ListOptions', causes);
  if (options.continue !== undefined && options.revision !== undefined) {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  return options;
}

/** Reads the parameters of a watch. Throws 400 for what cannot be read, 422 for what does not go together. */
export function watchOptions(query: URLSearchParams): ListOptions {
  const options = readOptions(query);
  const causes = watchCauses(query);
  if (causes.length > 0) throw invalidOptions('ListOptions', causes);
  return options;
}

function readOptions(query: URLSearchParams): ListOptions {
  const limit = wholeNumber(query, 'limit');
  const version = query.get('resourceVersion') ?? '';
  const revision = version === '' ? 0n : parseRevision(version);
  const match = query.get('resourceVersionMatch') ?? '';
  const token = query.get('continue') ?? '';
  const initial = query.get('sendInitialEvents');
  return {
    ...(limit === undefined || limit <= 0 ? {} : { limit }),
    ...(token === '' ? {} : { continue: token }),
    ...(revision === 0n ? {} : { revision }),
    // A page of a given revision is of exactly that one: older clients know no other way to say it.
    exact: match === 'Exact' || (match === '' && revision !== 0n && limit !== undefined && limit > 0),
    ...(initial === null ? {} : { sendInitialEvents: isTrue(initial) }),
  };
}

/** A whole number, or undefined where it is not given. Throws 400. */
export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? '';
  if (text === '') return undefined;
  if (!/^[+-]?\d{1,15}$/.test(text))
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

const matchField = 'resourceVersionMatch';

function listCauses(query: URLSearchParams): Cause[] {
  const version = query.get('resourceVersion') ?? '';
  const match = query.get('resourceVersionMatch') ?? '';
  const causes: Cause[] = [];
  if (match !== '') {
    if (version === '')
      causes.push(forbidden(matchField, 'resourceVersionMatch is forbidden unless resourceVersion is provided'));
    if (query.get('continue'))
      causes.push(forbidden(matchField, 'resourceVersionMatch is forbidden when continue is provided'));
    if (!(matches as readonly string[]).includes(match)) causes.push(notSupported(match, [...matches, '']));
    if (match === 'Exact' && version === '0')
      causes.push(forbidden(matchField, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  }
  if (query.has('sendInitialEvents'))
    causes.push(forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  return causes;
}

function watchCauses(query: URLSearchParams): Cause[] {
  const match = query.get('resourceVersionMatch') ?? '';
  const causes: Cause[] = [];
  if (query.has('sendInitialEvents')) {
    if (match !== 'NotOlderThan')
      causes.push(forbidden(matchField, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'));
  } else if (match !== '') {
    causes.push(
      forbidden(matchField, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'),
    );
  }
  if (match !== '' && match !== 'NotOlderThan' && query.has('sendInitialEvents'))
    causes.push(notSupported(match, ['NotOlderThan']));
  if (query.get('continue')) causes.push(forbidden('continue', 'continue is forbidden for watch'));
  return causes;
}

function forbidden(field: string, message: string): Cause {
  return { reason: 'FieldValueForbidden', message: `Forbidden: ${message}`, field };
}

function notSupported(value: string, supported: readonly string[]): Cause {
  const list = supported.map((one) => JSON.stringify(one)).join(', ');
  return {
    reason: 'FieldValueNotSupported',
    message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`,
    field: matchField,
  };
}
