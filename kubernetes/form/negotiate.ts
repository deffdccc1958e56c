import type { Call } from '../http/call.ts';
import type { Served } from '../served/served.ts';
import { badRequest, notAcceptable } from '../status/refusals.ts';
import type { IncludeObject } from '../table/table.ts';
import { parseAccept, type AcceptItem } from './accept.ts';
import { form, plainJson, type Form, type Media } from './form.ts';

/**
 * The form in which a request wants its answer: of the Accept header the first item that can be had. Throws 406 where
 * there is none, 400 for a table with an `includeObject` that is not known. A stream has no YAML form.
 */
export function formOf(
  { headers, query }: Pick<Call, 'headers' | 'query'>,
  served: Pick<Served, 'style'>,
  { stream = false } = {},
): Form {
  const found = negotiate(headers.accept, served, { stream });
  return found.as === 'table' ? form('table', found.media, found.version, includeOf(query)) : found;
}

/** The form that an Accept header asks for, of a table without `includeObject`. Throws 406. */
export function negotiate(accept: string | undefined, { style }: Pick<Served, 'style'>, { stream = false } = {}): Form {
  if (accept === undefined || accept.trim() === '' || accept === 'application/json') return plainJson;
  for (const item of parseAccept(accept)) {
    for (const media of mediaOf(item)) {
      if (media === 'yaml' && stream) continue;
      const found = inMedia(item, media);
      // Protobuf is spoken only where clients have no other way: metadata of built-in kinds.
      if (found?.media === 'protobuf' && (found.as !== 'metadata' || style !== 'built-in' || stream)) continue;
      if (found !== undefined) return found;
    }
  }
  throw notAcceptable();
}

function mediaOf({ type, subtype }: AcceptItem): readonly Media[] {
  if (type === '*' && subtype === '*') return ['json'];
  if (type !== 'application') return [];
  if (subtype === 'json' || subtype === '*') return ['json'];
  if (subtype === 'yaml') return ['yaml'];
  return subtype === 'vnd.kubernetes.protobuf' ? ['protobuf'] : [];
}

/** Undefined for a transformation that does not exist. */
function inMedia({ parameters }: AcceptItem, media: Media): Form | undefined {
  const as = parameters.get('as');
  const version = parameters.get('v');
  if (as === undefined) return version === undefined && !parameters.has('g') ? form('object', media) : undefined;
  if (parameters.get('g') !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) return undefined;
  if (as === 'Table') return media === 'protobuf' ? undefined : form('table', media, version);
  if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return form('metadata', media, version);
  return undefined;
}

function includeOf(query: URLSearchParams): IncludeObject {
  const include = query.get('includeObject') ?? '';
  if (include === '') return 'Metadata';
  if (include === 'None' || include === 'Metadata' || include === 'Object') return include;
  throw badRequest(`unrecognized includeObject value: ${JSON.stringify(include)}`);
}
