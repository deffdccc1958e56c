import { createDatum, type Datum, type TokenProvider } from '../../sdk/main.ts';
import { tokenOfLogin } from './login/renew.ts';
import type { Session } from './session.ts';

/** Under which name what is applied here owns its fields. */
const fieldManager = 'datum-console';

/** Who is signed in. */
export interface Viewer {
  readonly user: string;
  readonly groups: readonly string[];
  /** The project that is worked in. */
  readonly project: string;
}

/** A client of the product that serves this page. */
export function connect(token: string | TokenProvider, project: string | undefined): Datum {
  return createDatum({
    url: `${globalThis.location.origin}/graphql`,
    token,
    fieldManager,
    ...(project === undefined ? {} : { project }),
  });
}

/** The token of a session, now and when it is renewed. */
export function tokenOf(session: Session): string | TokenProvider {
  if (session.type === 'token') return session.token;
  let given: string | undefined;
  return async ({ refresh }) => (given = await tokenOfLogin(session.id, refresh ? given : undefined));
}

/** Who a client's token belongs to. Throws UnauthenticatedError for a token that is not taken. */
export async function readViewer(client: Datum): Promise<Viewer> {
  const { viewer } = await client.execute<{ viewer: Viewer }>('{viewer{user groups project}}');
  return viewer;
}
