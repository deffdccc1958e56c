import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Caller } from '../identity.ts';

/** What a gateway asks of a subgraph, and for whom: as it goes over the wire. */
interface SignedCall {
  /** JSON. */
  readonly text: string;
  /** `<ms since 1970>.<HMAC-SHA256, base64url>` */
  readonly signature: string;
}

/** What gateways and subgraphs know of each other: whoever has the product's key is one of them, and nobody else. */
export interface GatewayCalls {
  /** `purpose` is where it goes, such as the path of the subgraph: elsewhere the signature is worth nothing. */
  sign(purpose: string, caller: Caller, content?: unknown): SignedCall;
  /** What was signed; undefined for what was not, not here, or not just now. */
  verify(purpose: string, text: string, signature: string | undefined): VerifiedCall | undefined;
}

export interface VerifiedCall {
  readonly caller: Caller;
  readonly content: unknown;
}

/** Header of a signature. */
export const signatureHeader = 'datum-signature';

/** Clocks of two machines may differ by this, and a message may take as long. */
const toleranceMs = 30_000;

/** For gateway and subgraphs of one process, where nobody gives them a key. */
const keyOfProcess = randomBytes(32);

/**
 * Calls signed with the first of the product's keys and taken with any of them, so that a key can be changed while all run.
 * Without keys only this very process is trusted.
 */
export function gatewayCalls(keys: readonly Buffer[] = [keyOfProcess]): GatewayCalls {
  const derived = keys.map((key) => Buffer.from(hkdfSync('sha256', key, '', 'calls of gateways to subgraphs', 32)));
  const [first] = derived;
  if (first === undefined) throw new Error('calls cannot be signed without a key');
  return {
    sign(purpose, { identity, watchTurns: _watchTurns, ...rest }, content) {
      // What ends with the credential ends at the gateway, and with it the call.
      const { session: _session, ...plain } = identity;
      const text = JSON.stringify({ caller: { identity: plain, ...rest }, content });
      const at = Date.now();
      return { text, signature: `${at}.${mac(first, at, purpose, text).toString('base64url')}` };
    },
    verify(purpose, text, signature = '') {
      const [, time = '', given = ''] = /^(\d{1,15})\.([\w-]{43})$/.exec(signature) ?? [];
      const at = Number(time);
      if (time === '' || Math.abs(Date.now() - at) > toleranceMs) return undefined;
      const sent = Buffer.from(given, 'base64url');
      if (!derived.some((key) => timingSafeEqual(sent, mac(key, at, purpose, text)))) return undefined;
      return JSON.parse(text) as VerifiedCall;
    },
  };
}

/** No part can be taken for another: the time is a number, and a purpose has no line breaks. */
function mac(key: Buffer, at: number, purpose: string, text: string): Buffer {
  return createHmac('sha256', key).update(`${at}\n${purpose}\n`).update(text).digest();
}
