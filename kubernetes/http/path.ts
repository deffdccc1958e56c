import { badRequest } from '../status/refusals.ts';

/** Where a path leads, before anything is known to be there. */
export type Route =
  | { readonly to: 'document'; readonly path: string }
  | {
      readonly to: 'resource';
      readonly group: string;
      readonly version: string;
      readonly plural: string;
      readonly namespace: string;
      readonly name?: string;
      readonly subresource?: string;
    }
  /** A path below a group and version that has the form of no resource. */
  | { readonly to: 'nowhere'; readonly group: string; readonly version: string };

/**
 * Reads a path: `/{api/v1|apis/<g>/<v>}[/namespaces/<ns>]/<resource>[/<name>[/<subresource>]]`; all else is a document. Throws
 * 400 for names that no object can have.
 */
export function readPath(path: string): Route {
  const segments = path.split('/').slice(1);
  // One slash at the end is forgiven, as by Go's servers.
  if (segments.length > 1 && segments.at(-1) === '') segments.pop();
  const [root] = segments;
  const prefix = root === 'api' ? 2 : root === 'apis' ? 3 : 0;
  if (prefix === 0 || segments.length <= prefix) return { to: 'document', path };
  const group = prefix === 3 ? (segments[1] ?? '') : '';
  const version = segments[prefix - 1] ?? '';
  const parts = segments.slice(prefix);
  const nowhere = { to: 'nowhere', group, version } as const;
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return nowhere;
  const [plural = '', ...rest] = parts.map(decodeSegment);
  if (parts.some((_, index) => index !== 0 && rest[index - 1]?.includes('/'))) return nowhere;
  if (plural !== 'namespaces' || rest.length < 2 || rest[1] === 'status' || rest[1] === 'finalize') {
    return resource(nowhere, plural, '', rest);
  }
  const [namespace = '', inner = '', ...below] = rest;
  return resource(nowhere, inner, namespace, below);
}

function resource(
  nowhere: Extract<Route, { to: 'nowhere' }>,
  plural: string,
  namespace: string,
  rest: readonly string[],
): Route {
  const [name, subresource, ...beyond] = rest;
  if (beyond.length > 0) return nowhere;
  const { group, version } = nowhere;
  return {
    to: 'resource',
    group,
    version,
    plural,
    namespace,
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

function decodeSegment(segment: string): string {
  if (!segment.includes('%')) return segment;
  let text: string;
  try {
    text = decodeURIComponent(segment);
  } catch {
    throw badRequest(`invalid path segment ${JSON.stringify(segment)}`);
  }
  if (text.includes('%')) throw badRequest(`invalid resource name ${JSON.stringify(text)}: [may not contain '%']`);
  return text;
}
