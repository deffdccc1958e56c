import { createHash } from 'node:crypto';
import type { Key } from '../../kinds/object.ts';
import type { Revision } from '../../store/types.ts';
import type { Target } from '../http/target.ts';
import { badRequest } from '../status/refusals.ts';
import { parseRevision } from './revision.ts';
import type { ObjectSelection } from './selection.ts';

/** Where a list goes on. */
export interface Continuation {
  /** The revision that all pages show; undefined: what is there by then, for a client that came too late. */
  readonly at: Revision | undefined;
  /** Key of the last item that was sent. */
  readonly after: Key;
  /** How many items are left, where the first page counted them. */
  readonly remaining?: number;
}

type List = Pick<Target, 'served' | 'context'>;

/** Hash of what makes a list the same list: a token of another one is refused. */
function listHash({ served, context }: List, selection: ObjectSelection): string {
  const { namespace, labelSelector, fieldSelector } = selection;
  const text = JSON.stringify([context.project, served.stored?.id, namespace, labelSelector, fieldSelector]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}

/** The token that leads back to a continuation. */
export function continueToken(list: List, selection: ObjectSelection, { at, after, remaining }: Continuation): string {
  const parts = [
    listHash(list, selection),
    at === undefined ? '' : String(at),
    after.namespace,
    after.name,
    remaining ?? -1,
  ];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** Reads a token, which may be anything. Throws 400 for one that is not ours or of another list. */
export function readContinueToken(list: List, selection: ObjectSelection, token: string): Continuation {
  const parts = parse(token);
  if (!Array.isArray(parts) || parts.length !== 5) throw notValid();
  const [hash, revision, namespace, name, remaining] = parts as unknown[];
  if (hash !== listHash(list, selection)) throw notValid();
  if (typeof revision !== 'string' || typeof namespace !== 'string' || typeof name !== 'string') throw notValid();
  const at = revision === '' ? undefined : parseRevision(revision);
  return {
    at,
    after: { namespace, name },
    ...(Number.isSafeInteger(remaining) && (remaining as number) >= 0 ? { remaining: remaining as number } : {}),
  };
}

function parse(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function notValid(): Error {
  return badRequest('continue key is not valid: it does not belong to this list');
}
