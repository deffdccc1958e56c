import { createHash } from 'node:crypto';
import type { RequestContext, Revision, Selection } from '../../store/types.ts';
import { refusal } from './errors.ts';

/** What a watch selects; a token belongs to exactly one such selection. */
export interface WatchScope extends Pick<Selection, 'namespace' | 'labelSelector' | 'fieldSelector'> {
  readonly kind: string;
}

function scopeHash({ kind, namespace, labelSelector, fieldSelector }: WatchScope): string {
  const text = JSON.stringify([kind, namespace, labelSelector, fieldSelector]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}

/** Makes the opaque tokens of one watch: project, revision and hash of what is watched. */
export function tokenMaker({ project }: RequestContext, scope: WatchScope): (revision: Revision) => string {
  const hash = scopeHash(scope);
  return (revision) => Buffer.from(JSON.stringify([project, String(revision), hash])).toString('base64url');
}

/** Revision of a token. Refuses, with INVALID_RESUME_TOKEN, one that is malformed or of another project or selection. */
export function readToken(request: RequestContext, scope: WatchScope, token: string): Revision {
  const parts = parse(token);
  if (Array.isArray(parts) && parts.length === 3) {
    const [project, revision, hash] = parts as unknown[];
    const isRevision = typeof revision === 'string' && /^\d{1,19}$/.test(revision);
    if (isRevision && project === request.project && hash === scopeHash(scope)) return BigInt(revision);
  }
  throw refusal('the resume token does not belong to this watch', 'INVALID_RESUME_TOKEN');
}

function parse(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
