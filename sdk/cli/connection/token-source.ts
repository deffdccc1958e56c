import { UnauthenticatedError } from '../../client/errors.ts';
import type { TokenProvider } from '../../client/credentials.ts';
import { renewTokens } from '../../oidc/authorization-code.ts';
import { endOf } from '../../oidc/claims.ts';
import { discoverProvider, OidcError, type Tokens } from '../../oidc/provider.ts';
import { type Login, readConfig, writeConfig } from './config-file.ts';
import { withLock } from './lock.ts';

/** A token that ends sooner than this is renewed before it is used, in ms. */
const aheadMs = 30_000;

type OidcLogin = Extract<Login, { type: 'oidc' }>;

/** A token, and when it ends. */
export interface CurrentToken {
  readonly token: string;
  /** In ms since 1970. */
  readonly expiresAtMs?: number | undefined;
}

/** The token of a login, renewed and remembered when it is about to end or `refresh` asks for it. */
export async function currentToken(file: string, login: Login, refresh: boolean): Promise<CurrentToken> {
  if (login.type === 'token') {
    if (refresh) throw new UnauthenticatedError('the token is not taken: log in with another');
    return { token: login.token };
  }
  if (!refresh && isGood(login, aheadMs)) return login;
  return withLock(`${file}.lock`, async () => {
    const config = readConfig(file);
    const latest = config?.login.type === 'oidc' ? config.login : login;
    // Another command renewed it while this one waited. A second time would cost it: refresh tokens count once.
    if (!isSame(latest, login) && isGood(latest, 0)) return latest;
    const renewed = await renew(latest);
    if (config !== undefined) writeConfig(file, { ...config, login: renewed });
    return renewed;
  });
}

/** Whether it is the same renewal. Tokens alone do not tell: a provider signs the same claims in the same second alike. */
function isSame(a: OidcLogin, b: OidcLogin): boolean {
  return a.token === b.token && a.refreshToken === b.refreshToken;
}

function isGood({ expiresAtMs = Infinity }: { readonly expiresAtMs?: number | undefined }, spareMs: number): boolean {
  return expiresAtMs - Date.now() > spareMs;
}

/** Gives a client the token of a login. */
export function tokenSource(file: string, login: Login): TokenProvider {
  let known = login;
  return async ({ refresh }) => {
    // Another command may have renewed it meanwhile.
    known = readConfig(file)?.login ?? known;
    return (await currentToken(file, known, refresh)).token;
  };
}

/** A login as a provider gives it. Throws where the token that is to be used is not among those it gave. */
export function loginOf(
  {
    clientId,
    issuer,
    use,
  }: { readonly issuer: string; readonly clientId: string; readonly use: 'id_token' | 'access_token' },
  tokens: Tokens,
  before?: { readonly refreshToken?: string | undefined },
): OidcLogin {
  const token = tokens[use];
  if (token === undefined) throw new UnauthenticatedError(`the OpenID provider gave no ${use}`);
  const { expires_in: expiresInSecs, refresh_token: refreshToken = before?.refreshToken } = tokens;
  return {
    type: 'oidc',
    issuer,
    clientId,
    use,
    token,
    refreshToken,
    expiresAtMs: endOf(token, expiresInSecs),
  };
}

async function renew(login: OidcLogin): Promise<OidcLogin> {
  const { clientId, issuer, refreshToken } = login;
  if (refreshToken === undefined) throw new UnauthenticatedError('the login has ended: datum login');
  const provider = await discoverProvider(issuer);
  try {
    return loginOf(login, await renewTokens(provider, { clientId, refreshToken }), login);
  } catch (error) {
    if (error instanceof OidcError && error.error !== undefined)
      throw new UnauthenticatedError(`the login has ended (${error.error}): datum login`);
    throw error;
  }
}
