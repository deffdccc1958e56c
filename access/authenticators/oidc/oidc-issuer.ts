/** An OpenID provider whose tokens are taken, and what they mean here. */
export interface OidcIssuer {
  /** Exactly as it stands in tokens. */
  readonly issuer: string;
  /** A token must be for one of these. */
  readonly audiences: readonly string[];
  /** Claim with the user's name. `a.b` is the claim `a.b`, or else `b` inside of `a`; so for all claims. */
  readonly usernameClaim: string;
  /** Put before the name, so that the users of two issuers are never the same. */
  readonly usernamePrefix: string;
  /** Claim with the groups, a text or a list of texts; absent: none. */
  readonly groupsClaim?: string | undefined;
  readonly groupsPrefix: string;
  /** Claims that must have this value. */
  readonly requiredClaims: Readonly<Record<string, string>>;
  /** Claims that are shown with the user, by the name under which they are. */
  readonly extra: Readonly<Record<string, string>>;
  /** How far its clock and ours may be apart. */
  readonly clockSkewSecs: number;
}
