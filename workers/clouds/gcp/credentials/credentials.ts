import type { Credentials, CredentialSource } from './source.ts';
import { type FetchSubject, subjectToken } from './subject-token.ts';
import { exchange, fromMetadata, impersonate, refresh, type Token, type TokenHosts } from './token-calls.ts';

export interface CredentialsOptions extends Credentials {
  /** Accounts that act in a Google project, by its id: a chain each, as in Credentials. Others have the general one. */
  readonly byAccount?: Readonly<Record<string, readonly string[]>>;
  /** In the place of Google's hosts for tokens, such as an emulator. */
  readonly origin?: string;
  /** How a subject token is fetched from a URL. */
  readonly fetchSubject: FetchSubject;
  readonly now?: () => number;
}

/** Who acts in a Google project: the last account of its chain; undefined where the source acts by itself. */
export function actingIn(
  { chain, byAccount = {} }: Pick<CredentialsOptions, 'chain' | 'byAccount'>,
  account: string,
): string | undefined {
  return chainIn({ chain, byAccount }, account).at(-1);
}

function chainIn(
  { chain, byAccount = {} }: Pick<CredentialsOptions, 'chain' | 'byAccount'>,
  account: string,
): readonly string[] {
  return Object.hasOwn(byAccount, account) ? (byAccount[account] ?? chain) : chain;
}

/** A token is asked for anew so long before it ends, and used meanwhile. */
const aheadMs = 5 * 60_000;
/** A token that ends sooner is not used. */
const leastMs = 30_000;

interface Held {
  token: Token | undefined;
  asking: Promise<Token> | undefined;
}

const projectPath = /\/projects\/([^/?]+)/;

/**
 * Headers that authenticate a call to a URL. Tokens are kept until shortly before they end, one for each chain of accounts;
 * one that Google refused, named by its header, is not shown again. Throws GcpError.
 */
export function createCredentials(
  options: CredentialsOptions,
): (url: string, refused?: string) => Promise<Readonly<Record<string, string>>> {
  const { source, origin, fetchSubject, now = Date.now } = options;
  const hosts: TokenHosts = { now, ...(origin === undefined ? {} : { origin }) };
  const held = new Map<string, Held>();

  async function tokenOf(accounts: readonly string[]): Promise<Token> {
    if (accounts.length === 0) return firstToken(hosts, source, fetchSubject);
    return impersonate(hosts, await kept([]), accounts);
  }

  async function kept(accounts: readonly string[], refused?: string): Promise<Token> {
    const key = accounts.join(' ');
    let one = held.get(key);
    if (one === undefined) held.set(key, (one = { token: undefined, asking: undefined }));
    const entry = one;
    if (refused !== undefined && entry.token?.value === refused) {
      entry.token = undefined;
      // What it was made with may be at fault as well.
      held.delete('');
    }
    const leftMs = (entry.token?.expiresAtMs ?? 0) - now();
    if (leftMs < aheadMs) {
      entry.asking ??= tokenOf(accounts)
        .then((token) => (entry.token = token))
        .finally(() => (entry.asking = undefined));
      if (entry.token === undefined || leftMs < leastMs) return entry.asking;
      entry.asking.catch(() => {});
    }
    // One that had to be waited for is returned above.
    return entry.token as Token;
  }

  return async (url, refused) => {
    const account = projectPath.exec(new URL(url).pathname)?.[1] ?? '';
    const { value } = await kept(chainIn(options, account), refused?.replace(/^Bearer /, ''));
    return { authorization: `Bearer ${value}` };
  };
}

async function firstToken(hosts: TokenHosts, source: CredentialSource, fetchSubject: FetchSubject): Promise<Token> {
  switch (source.kind) {
    case 'external':
      return exchange(hosts, { ...source, subjectToken: await subjectToken(source.subject, fetchSubject) });
    case 'user':
      return refresh(hosts, source);
    case 'metadata':
      return fromMetadata(hosts);
  }
}
