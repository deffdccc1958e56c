import { z } from 'zod';
import { accountPath } from './service-account.ts';

/** Where the first token of the provider comes from. It holds names, never URLs of Google's: those are built here. */
export type CredentialSource =
  | {
      readonly kind: 'external';
      readonly audience: string;
      readonly subjectTokenType: string;
      readonly subject: Subject;
    }
  | { readonly kind: 'user'; readonly clientId: string; readonly clientSecret: string; readonly refreshToken: string }
  /** The metadata server of the machine that the product runs on. */
  | { readonly kind: 'metadata' };

/** What proves to Google who the product is, given by another party. */
export interface Subject {
  readonly from:
    | { readonly file: string }
    | { readonly url: string; readonly headers: Readonly<Record<string, string>> };
  /** Field that holds the token where the answer is JSON. */
  readonly field: string | undefined;
}

/** Credentials as configured: the source, and the account that it acts as. */
export interface Credentials {
  readonly source: CredentialSource;
  /** Account that tokens are for, behind those that lend theirs on the way. Empty: the source's own. */
  readonly chain: readonly string[];
}

const audience =
  /^\/\/iam\.googleapis\.com\/projects\/\d+\/locations\/global\/workloadIdentityPools\/[-a-z0-9]{4,32}\/providers\/[-a-z0-9]{4,32}$/;
const impersonationUrl =
  /^https:\/\/iamcredentials\.googleapis\.com\/v1\/projects\/-\/serviceAccounts\/([^/:]+):generateAccessToken$/;

const google = (host: string) =>
  z.string().refine((text) => URL.canParse(text) && new URL(text).origin === `https://${host}`, `must be at ${host}`);
const account = z.string().refine((email) => accountPath(email) !== undefined, 'no service account');
const impersonation = z
  .string()
  .regex(impersonationUrl, "must be Google's")
  .transform((url) => impersonationUrl.exec(url)?.[1] ?? '')
  .pipe(account)
  .optional();

const format = z
  .object({ type: z.enum(['text', 'json']).default('text'), subject_token_field_name: z.string().min(1).optional() })
  .default({ type: 'text' });
const external = z.object({
  type: z.literal('external_account'),
  audience: z.string().regex(audience, 'no workload identity provider'),
  subject_token_type: z.enum([
    'urn:ietf:params:oauth:token-type:jwt',
    'urn:ietf:params:oauth:token-type:id_token',
    'urn:ietf:params:oauth:token-type:saml2',
  ]),
  token_url: google('sts.googleapis.com').default('https://sts.googleapis.com/v1/token'),
  service_account_impersonation_url: impersonation,
  credential_source: z.union([
    z.strictObject({ file: z.string().min(1), format }),
    z.strictObject({
      url: z.url({ protocol: /^https$/ }),
      headers: z.record(z.string(), z.string()).default({}),
      format,
    }),
  ]),
});
const user = z.object({
  type: z.literal('authorized_user'),
  client_id: z.string().min(1),
  client_secret: z.string().min(1),
  refresh_token: z.string().min(1),
});
const lent = z.object({
  type: z.literal('impersonated_service_account'),
  service_account_impersonation_url: impersonation.unwrap(),
  delegates: z.array(z.string()).max(4).default([]),
  source_credentials: z.unknown(),
});

/** Credentials that are refused, and why. The message holds nothing of them. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
}

/**
 * Reads a credential configuration as Google's tools write it: of workload identity federation, of a user's
 * `gcloud auth application-default login`, or of an account that is acted as. Nothing in it decides where a token is sent:
 * every URL is Google's own or refused. Throws CredentialsError.
 */
export function readCredentials(json: unknown, depth = 0): Credentials {
  const type = typeof json === 'object' && json !== null && 'type' in json ? json.type : undefined;
  switch (type) {
    case 'external_account':
      return ofExternal(json as object);
    case 'authorized_user': {
      const { client_id: clientId, client_secret: clientSecret, refresh_token: refreshToken } = parse(user, json);
      return { source: { kind: 'user', clientId, clientSecret, refreshToken }, chain: [] };
    }
    case 'impersonated_service_account': {
      if (depth > 0) throw new CredentialsError('credentials of impersonation are nested');
      const { service_account_impersonation_url: target, delegates, source_credentials: inner } = parse(lent, json);
      const { source, chain } = readCredentials(inner, depth + 1);
      const names = delegates.map((delegate) => delegate.slice(delegate.lastIndexOf('/') + 1));
      return { source, chain: readChain([...chain, ...names, target]) };
    }
    case 'service_account':
      throw new CredentialsError(
        'a key of a service account is refused: it does not expire and can be copied; use workload identity federation or impersonation',
      );
    default:
      throw new CredentialsError(
        'no credentials that are known: external_account, authorized_user, impersonated_service_account',
      );
  }
}

function ofExternal(json: object): Credentials {
  const from = 'credential_source' in json ? (json.credential_source as object | null) : null;
  if (typeof from === 'object' && from !== null && 'executable' in from)
    throw new CredentialsError('a credential source that runs a program is refused; write its token to a file');
  if (typeof from === 'object' && from !== null && 'environment_id' in from)
    throw new CredentialsError(
      "a credential source that signs with another cloud's keys is refused; use a file or a URL",
    );
  const { audience: to, subject_token_type: subjectTokenType, ...rest } = parse(external, json);
  const { credential_source: source, service_account_impersonation_url: email } = rest;
  const { type, subject_token_field_name: name } = source.format;
  if (type === 'json' && name === undefined)
    throw new CredentialsError('credential_source.format.subject_token_field_name: is needed for json');
  return {
    source: {
      kind: 'external',
      audience: to,
      subjectTokenType,
      subject: {
        from: 'file' in source ? { file: source.file } : { url: source.url, headers: source.headers },
        field: type === 'json' ? name : undefined,
      },
    },
    chain: email === undefined ? [] : [email],
  };
}

/** Accounts that lend each other their rights, the last one being who acts. Throws CredentialsError. */
export function readChain(emails: readonly string[]): readonly string[] {
  for (const email of emails)
    if (accountPath(email) === undefined) throw new CredentialsError(`${JSON.stringify(email)} is no service account`);
  return emails;
}

function parse<T>(schema: z.ZodType<T>, json: unknown): T {
  const { success, data, error } = schema.safeParse(json);
  if (success) return data;
  throw new CredentialsError(error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
}
