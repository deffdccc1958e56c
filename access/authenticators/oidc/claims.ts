import { isObject, ownValue, setOwn } from '../../../kinds/schema/json.ts';
import type { Identity } from '../../identity.ts';
import { Refused } from '../refused.ts';
import type { OidcIssuer } from './oidc-issuer.ts';

type Claims = Readonly<Record<string, unknown>>;

/** Names with this beginning are the product's own to give. */
const reserved = 'system:';
const mostNameLength = 512;
const mostGroups = 1000;
const mostExtraValues = 100;

/** Who the claims of a proven token speak of, in the words of an issuer's rules. Throws Refused where that is nobody. */
export function identityOfClaims(
  issuer: OidcIssuer,
  claims: Claims,
): Pick<Identity, 'user' | 'groups' | 'uid' | 'extra'> {
  for (const [name, wanted] of Object.entries(issuer.requiredClaims)) {
    if (claimOf(claims, name) !== wanted) throw new Refused(`the claim ${name} is not ${JSON.stringify(wanted)}`);
  }
  const extra = extraOf(issuer, claims);
  const uid = claims['sub'];
  return {
    user: userOf(issuer, claims),
    groups: [...groupsOf(issuer, claims), 'system:authenticated'],
    ...(typeof uid === 'string' && uid !== '' ? { uid } : {}),
    ...(extra === undefined ? {} : { extra }),
  };
}

function userOf({ usernameClaim, usernamePrefix }: OidcIssuer, claims: Claims): string {
  const name = claimOf(claims, usernameClaim);
  if (typeof name !== 'string' || name === '') throw new Refused(`there is no claim ${usernameClaim}`);
  // An address that nobody has made sure of is anybody's.
  const isVerified = claims['email_verified'] ?? true;
  if (usernameClaim === 'email' && isVerified !== true) throw new Refused('the email address is not verified');
  const user = usernamePrefix + name;
  if (!isName(user)) throw new Refused(`the claim ${usernameClaim} is no name of a user here`);
  return user;
}

/** Groups that may not be are left out: they must not keep their members from coming in. */
function groupsOf({ groupsClaim, groupsPrefix }: OidcIssuer, claims: Claims): string[] {
  const found = groupsClaim === undefined ? undefined : claimOf(claims, groupsClaim);
  const names = textsOf(found).map((name) => groupsPrefix + name);
  return [...new Set(names.filter((name) => name !== groupsPrefix && isName(name)))].slice(0, mostGroups);
}

function extraOf(issuer: OidcIssuer, claims: Claims): Identity['extra'] {
  const found: Record<string, readonly string[]> = {};
  for (const [name, claim] of Object.entries(issuer.extra)) {
    const values = textsOf(claimOf(claims, claim)).slice(0, mostExtraValues);
    if (values.length > 0) setOwn(found, name, values);
  }
  return Object.keys(found).length === 0 ? undefined : found;
}

/** A text without anything unprintable, that does not begin like the product's own names. */
function isName(text: string): boolean {
  return text.length <= mostNameLength && !text.startsWith(reserved) && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(text);
}

function textsOf(value: unknown): string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((each) => typeof each === 'string');
}

/** A claim by its name, or by the steps to it: `realm_access.roles`. */
function claimOf(claims: Claims, name: string): unknown {
  const direct = ownValue(claims, name);
  if (direct !== undefined) return direct;
  return name
    .split('.')
    .reduce<unknown>((inner, step) => (isObject(inner) ? ownValue(inner, step) : undefined), claims);
}
