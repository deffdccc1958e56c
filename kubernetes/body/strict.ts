import type { Write } from '../status/from-store.ts';
import { badRequest, invalid } from '../status/refusals.ts';
import type { ApiError } from '../status/status.ts';

/** Findings about fields that nobody knows, by their paths, as warnings tell them. */
export function unknownFindings(paths: readonly string[]): string[] {
  return paths.map((path) => `unknown field "${path}"`);
}

/** Findings about keys of JSON that came twice, by their paths. */
export function duplicateFindings(paths: readonly string[]): string[] {
  return paths.map((path) => `duplicate field "${path}"`);
}

/**
 * A body with fields that are unknown or came twice, where that is not allowed: 400, and 422 for a patch. `unknown` are paths
 * that the store did not know, `findings` what decoding found.
 */
export function strictRefusal(
  { served, verb }: Pick<Write, 'served' | 'verb'>,
  unknown: readonly string[],
  findings: readonly string[] = [],
): ApiError {
  const { kind, version, style } = served;
  const reason = `strict decoding error: ${listed(style === 'custom' ? unknown.toSorted() : unknown, findings)}`;
  if (verb === 'patch') return patchRefusal(reason);
  return badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${reason}`);
}

/** 422: what a patch makes cannot be decoded. It is not shown: the client may not know the object. */
export function patchRefusal(reason: string): ApiError {
  return invalid({ group: '', version: '', kind: '' }, '', [
    { reason: 'FieldValueInvalid', message: `Invalid value: "object": ${reason}`, field: 'patch' },
  ]);
}

/** More are not told. */
const maxFindings = 100;

/** The findings of YAML name lines and come as one. */
function listed(unknown: readonly string[], findings: readonly string[]): string {
  const ofYaml = findings.filter((finding) => finding.startsWith('line '));
  const others = findings.filter((finding) => !finding.startsWith('line '));
  const texts = [
    ...unknownFindings(unknown.slice(0, maxFindings)),
    ...others,
    ...(ofYaml.length === 0 ? [] : [`yaml: unmarshal errors:\n  ${ofYaml.join('\n  ')}`]),
  ];
  return texts.join(', ');
}
