import { errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { Refused } from './refused.ts';

/** What a signed token must fulfil. */
export interface SignedRules {
  readonly issuer: string;
  /** It must be for one of these. */
  readonly audiences: readonly string[];
  /** Only ones with a private and a public key: a public key must never pass for a shared secret. */
  readonly algorithms: readonly string[];
  /** How far clocks may be apart. */
  readonly skewSecs: number;
  readonly requiredClaims: readonly string[];
}

/**
 * What a token may call itself. Issuers sign other things with the same keys, such as logout notices, whose claims look
 * like those of a token.
 */
const types: ReadonlySet<unknown> = new Set([undefined, 'jwt', 'at+jwt', 'application/at+jwt']);

/** The claims of a token that is signed, current and for the right ones. Throws Refused for any other. */
export async function checkSigned(token: string, keyOf: JWTVerifyGetKey, rules: SignedRules): Promise<JWTPayload> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keyOf, {
      issuer: rules.issuer,
      audience: [...rules.audiences],
      algorithms: [...rules.algorithms],
      clockTolerance: rules.skewSecs,
      requiredClaims: [...rules.requiredClaims],
    });
    if (!types.has(protectedHeader.typ?.toLowerCase())) throw new Refused(`a ${protectedHeader.typ} is no token`);
    return payload;
  } catch (error) {
    // A key that cannot be used, such as one that is too short, is reported in other classes.
    const isOfToken = error instanceof errors.JOSEError || error instanceof TypeError || error instanceof DOMException;
    if (!isOfToken) throw error;
    throw new Refused(error.message, { cause: error });
  }
}
