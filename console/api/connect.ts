import { createDatum, type Datum } from '../../sdk/main.ts';

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
export function connect(token: string, project: string | undefined): Datum {
  return createDatum({
    url: `${globalThis.location.origin}/graphql`,
    token,
    fieldManager,
    ...(project === undefined ? {} : { project }),
  });
}

/** Who a client's token belongs to. Throws UnauthenticatedError for a token that is not taken. */
export async function readViewer(client: Datum): Promise<Viewer> {
  const { viewer } = await client.execute<{ viewer: Viewer }>('{viewer{user groups project}}');
  return viewer;
}
