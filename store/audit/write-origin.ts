import { isObject } from '../../kinds/schema/json.ts';

/** Who wrote and from where, beyond the name: what audit shows of a write, kept with its change until audit has read it. */
export interface WriteOrigin {
  /** `graphql` or `kubernetes`; absent for the product's own writes. */
  readonly door: string;
  /** Address of the client as the connection shows it. */
  readonly address?: string | undefined;
  readonly agent?: string | undefined;
  readonly uid?: string | undefined;
  readonly groups?: readonly string[] | undefined;
  /** How it was proven who wrote: `token:ci`. */
  readonly credential?: string | undefined;
  /** Who acted as the writer. */
  readonly impersonator?: string | undefined;
  /** Verb of the request, where the door has one for it. */
  readonly verb?: string | undefined;
  readonly subresource?: string | undefined;
  /** `traceparent` of the write; for dispatchers, not for audit. */
  readonly trace?: string | undefined;
}

/** A client says of itself, and an issuer of a user, as much as they like. */
const maxText = 256;
const maxGroups = 32;

/** An origin with texts that can be stored, and no more of them than anyone reads. Every write makes one: hence no loops. */
export function boundedOrigin(origin: WriteOrigin): WriteOrigin {
  const { door, address, agent, uid, groups, credential, impersonator, verb, subresource } = origin;
  return {
    door,
    address: bounded(address),
    agent: bounded(agent),
    uid: bounded(uid),
    groups: groups?.slice(0, maxGroups).map((group) => plainText(group, maxText)),
    credential: bounded(credential),
    impersonator: bounded(impersonator),
    verb: bounded(verb),
    subresource: bounded(subresource),
  };
}

function bounded(text: string | undefined): string | undefined {
  return text === undefined ? undefined : plainText(text, maxText);
}

/** What most texts are: printable ASCII. */
const isPlain = /^[ -~]*$/;

/** A text that Postgres takes, cut to a length. */
export function plainText(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters && isPlain.test(text)) return text;
  const cut = text.length > maxCharacters ? `${text.slice(0, maxCharacters - 1)}…` : text;
  return cut.replaceAll('\0', '\ufffd').toWellFormed();
}

/** Text form of an origin, as changes keep it. */
export function originText(origin: WriteOrigin): string {
  return JSON.stringify(boundedOrigin(origin));
}

/** The origin of a change; undefined for the product's own writes. */
export function readOrigin(text: string | null): WriteOrigin | undefined {
  if (text === null) return undefined;
  const origin: unknown = JSON.parse(text);
  return isObject(origin) ? (origin as unknown as WriteOrigin) : undefined;
}
