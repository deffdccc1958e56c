import type { ServeConsole } from './console-files.ts';

/** An OpenID provider by which people sign in to the console. It is told to everybody, and holds no secret. */
export interface ConsoleLogin {
  /** Exactly as it stands in tokens. */
  readonly issuer: string;
  readonly clientId: string;
  /** What the button says. */
  readonly name: string;
  readonly scope: string;
  /** Which of the tokens proves to us who somebody is. */
  readonly use: 'id_token' | 'access_token';
  /** The API that an access token is asked for (RFC 8707). */
  readonly audience?: string | undefined;
  /** Where its endpoints are, when not all of them are at the issuer's own origin. */
  readonly origins: readonly string[];
}

/** Where the console asks how people may sign in. */
const path = '/sign-in.json';

/** Adds to the console what it offers to those who are not signed in. */
export function withLogins(serve: ServeConsole, logins: readonly ConsoleLogin[]): ServeConsole {
  const body = JSON.stringify({ providers: logins.map((login) => ({ ...login, origins: undefined })) });
  return (request, response) => {
    if (request.method !== 'GET' || request.url !== path) return serve(request, response);
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache' }).end(body);
    return true;
  };
}

/** Origins that the console has to reach to sign people in. */
export function originsOf(logins: readonly ConsoleLogin[]): readonly string[] {
  return [...new Set(logins.flatMap(({ issuer, origins }) => [new URL(issuer).origin, ...origins]))];
}
