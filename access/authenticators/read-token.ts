import { isObject } from '../../kinds/schema/json.ts';
import { Refused } from './refused.ts';

/** What a signed token says of itself before anybody has looked at its signature: good for choosing who looks, for nothing else. */
export interface UnprovenToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Whether a token has three parts, as signed ones have. */
export function isSigned(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token);
}

/** Reads a signed token. Throws Refused for what is none. */
export function readUnproven(token: string): UnprovenToken {
  const [header, claims] = token.split('.', 2).map(partOf);
  if (!isObject(header) || !isObject(claims)) throw new Refused('a signed token has a part that is no JSON object');
  return { header, claims };
}

function partOf(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
