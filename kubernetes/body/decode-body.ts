import { isObject, ownValue } from '../../kinds/schema/json.ts';
import { decodeProtobuf } from '../protobuf/decode-protobuf.ts';
import { groupVersion, type GroupVersionKind, type Served, type Subresource } from '../served/served.ts';
import { badRequest } from '../status/refusals.ts';
import type { ApiError } from '../status/status.ts';
import { DecodeError } from './decode-error.ts';
import { jsonName } from './go-walk.ts';
import { bodyForm } from './media-type.ts';
import { readJson, textOf } from './read-json.ts';
import { readYaml } from './read-yaml.ts';
import { duplicateFindings, unknownFindings } from './strict.ts';
import { decodeTyped, type Manifest } from './typed.ts';

/** What a body should be: the served kind, or that of a subresource. */
export type Shape = GroupVersionKind & Pick<Served, 'style'>;

/** A body and how it is marked. */
export interface Body {
  readonly bytes: Buffer;
  /** The Content-Type header. */
  readonly contentType: string | undefined;
  readonly shape: Shape;
}

/** An object that was decoded, and what is told of it unless the client does not want to know. */
export interface Decoded {
  readonly value: Manifest;
  /** `duplicate field "spec.mtu"`; for built-in kinds unknown fields as well, which are left out then. */
  readonly findings: readonly string[];
}

const maxEcho = 10_000;
const maxWarnings = 20;
const summaryLength = 30;

/** What the body of a request to a target should be. */
export function shapeOf({
  served,
  subresource,
}: {
  readonly served: Served;
  readonly subresource?: Subresource;
}): Shape {
  const isOther = subresource?.name === 'scale' || subresource?.name === 'token';
  return isOther ? { ...subresource.of, style: 'built-in' } : served;
}

/** Decodes the body of a create or an update. Throws 415, and 400 for what is no object of the kind in its version. */
export function decodeBody({ bytes, contentType, shape }: Body): Decoded {
  const form = bodyForm(contentType, shape.style);
  if (form === 'protobuf') return decodeObject(decodeProtobuf(bytes), [], shape, '');
  const text = textOf(bytes);
  try {
    if (form === 'json') {
      const { value, duplicates } = readJson(text);
      return decodeObject(value, duplicateFindings(duplicates.map(({ path }) => path)), shape, text);
    }
    const { value, duplicates } = readYaml(text);
    return decodeObject(value, duplicates, shape, text);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const found = form === 'json' ? `couldn't get version/kind; json parse error: ${error.message}` : error.message;
    throw unrecognized(shape, found, text);
  }
}

function decodeObject(value: unknown, duplicates: readonly string[], shape: Shape, text: string): Decoded {
  if (!isObject(value)) throw new DecodeError(`json: cannot unmarshal ${jsonName(value)} into Go value of type struct`);
  // Built-in kinds are known by their path, so these two may be left out.
  const expected = groupVersion(shape);
  const apiVersion = stringField(value, 'apiVersion') || (shape.style === 'built-in' ? expected : '');
  const kind = stringField(value, 'kind') || (shape.style === 'built-in' ? shape.kind : '');
  if (kind === '') throw unrecognized(shape, `Object 'Kind' is missing in '${text.slice(0, maxEcho)}'`, text);
  if (apiVersion !== expected) throw otherVersion(value, apiVersion, shape);
  if (shape.style === 'built-in' && kind !== shape.kind)
    throw unhandled(kind, shape, `converting (v1.${kind}) to (${shape.kind}): unknown conversion`);
  try {
    const { value: typed, unknown } = decodeTyped(value, { apiVersion, kind });
    return { value: typed, findings: [...unknownFindings(unknown), ...duplicates] };
  } catch (error) {
    throw error instanceof DecodeError ? unhandled(kind, shape, error.message) : error;
  }
}

/** A field of the object itself, which is read before anything is known of its kind. */
function stringField(value: Readonly<Record<string, unknown>>, name: string): string {
  const field = ownValue(value, name) ?? '';
  if (typeof field === 'string') return field;
  throw new DecodeError(`json: cannot unmarshal ${jsonName(field)} into Go struct field .${name} of type string`);
}

/** Of a version that is not served nothing is known, so a custom object has no known fields; Kubernetes warns of that too. */
function otherVersion(value: Readonly<Record<string, unknown>>, apiVersion: string, shape: Shape): ApiError {
  const message = `the API version in the data (${apiVersion}) does not match the expected API version (${groupVersion(shape)})`;
  const isOurGroup = apiVersion.startsWith(`${shape.group}/`);
  const known = new Set(['apiVersion', 'kind', 'metadata']);
  const unknown = Object.keys(value).filter((key) => !known.has(key));
  if (shape.style === 'built-in' || !isOurGroup || unknown.length === 0) return badRequest(message);
  const refusal = badRequest(message);
  refusal.warnings = unknownFindings(unknown.toSorted().slice(0, maxWarnings));
  return refusal;
}

function unhandled(kind: string, { version, kind: expected }: Shape, reason: string): ApiError {
  return badRequest(`${kind} in version "${version}" cannot be handled as a ${expected}: ${reason}`);
}

function unrecognized({ kind }: Shape, reason: string, text: string): ApiError {
  return badRequest(`the object provided is unrecognized (must be of type ${kind}): ${reason} (${summary(text)})`);
}

/** The beginning of a body, in hexadecimal where it is no object. */
function summary(text: string): string {
  if (text === '') return '<empty>';
  const more = text.length > summaryLength ? ' ...' : '';
  const start = text.slice(0, summaryLength);
  return `${text.startsWith('{') ? start : Buffer.from(start).toString('hex')}${more}`;
}
