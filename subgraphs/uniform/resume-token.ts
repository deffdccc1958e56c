import { createHash } from 'node:crypto';
import { type Sight, sightKey } from '../../access/guard.ts';
import type { RequestContext, Revision, Selection } from '../../store/types.ts';
import { refusal } from './errors.ts';

/** What a watch selects; a token belongs to exactly one such selection. */
export interface WatchScope extends Pick<Selection, 'namespace' | 'labelSelector' | 'fieldSelector' | 'text'> {
  readonly kind: string;
}

function scopeHash({ kind, namespace, labelSelector, fieldSelector, text }: WatchScope): string {
  const parts = [kind, namespace, labelSelector, fieldSelector, ...(text === undefined ? [] : [text])];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 16);
}

/** Makes the opaque tokens of one watch: project, revision, and hashes of what is watched and what of it is to be seen. */
export function tokenMaker(
  { project }: RequestContext,
  scope: WatchScope,
  sight: Sight,
): (revision: Revision) => string {
  const hash = scopeHash(scope);
  const seen = sightHash(sight);
  return (revision) => Buffer.from(JSON.stringify([project, String(revision), hash, seen])).toString('base64url');
}

/** Where a token goes on. */
export interface Resumption {
  readonly revision: Revision;
  /** Whether the same is to be seen as when it was made; otherwise what happened since is not all that is new. */
  readonly seesSame: boolean;
}

/** What a token says. Refuses, with INVALID_RESUME_TOKEN, one that is malformed or of another project or selection. */
export function readToken(request: RequestContext, scope: WatchScope, sight: Sight, token: string): Resumption {
  const parts = parse(token);
  if (Array.isArray(parts) && parts.length === 4) {
    const [project, revision, hash, seen] = parts as unknown[];
    const isRevision = typeof revision === 'string' && /^\d{1,19}$/.test(revision);
    if (isRevision && project === request.project && hash === scopeHash(scope))
      return { revision: BigInt(revision), seesSame: seen === sightHash(sight) };
  }
  throw refusal('the resume token does not belong to this watch', 'INVALID_RESUME_TOKEN');
}

function sightHash(sight: Sight): string {
  const key = sightKey(sight);
  return key === '' ? '' : createHash('sha256').update(key).digest('base64url').slice(0, 16);
}

function parse(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
