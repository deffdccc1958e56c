import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { isSigned, readUnproven } from '../access/authenticators/read-token.ts';
import { isAccessToken, newAccessToken, newAccessTokenId } from '../access/tokens/access-token.ts';
import { bytesOf, fingerprintOf } from '../access/tokens/fingerprint.ts';
import type { Config } from '../config.ts';
import { type AccessToken, type AccessTokens, createAccessTokens } from '../store/credentials/access-tokens.ts';
import { createRevocations, type Revocations } from '../store/credentials/revocations.ts';
import { createPool } from '../store/pool.ts';
import { databaseOf } from './database-of.ts';
import { readDuration } from './duration.ts';
import { StartError } from './start-error.ts';

const usage = `Usage:
  token create --user NAME [--group NAME]… [--project NAME] [--expires 30d|12h|never] [--note TEXT]
  token list
  token revoke ID…
  token revoke -       takes back the token on standard input, also one that an OpenID provider signed`;

const usualLife = '90d';

/** Hands out tokens, lists them and takes them back, in the database of a product. Throws StartError for what cannot be. */
export async function tokenCommand(args: readonly string[], config: Config): Promise<void> {
  const [verb, ...rest] = args;
  const url = await databaseOf(config);
  const pool = createPool({ url, max: 1, name: 'datum token' });
  try {
    const tokens = createAccessTokens(pool);
    switch (verb) {
      case 'create':
        return await create(tokens, rest);
      case 'list':
        return console.log(table(await tokens.list()));
      case 'revoke':
        if (rest.length === 0) throw new StartError(usage);
        if (rest.length > 1 || rest[0] !== '-') return await revokeById(tokens, rest);
        return await revokeToken(tokens, createRevocations(pool), (await text(process.stdin)).trim());
      default:
        throw new StartError(usage);
    }
  } finally {
    await pool.end();
  }
}

async function create(tokens: AccessTokens, args: readonly string[]): Promise<void> {
  const { user, group = [], project, expires = usualLife, note = '' } = createOptions(args);
  if (user === undefined || user === '') throw new StartError(usage);
  // The other names of the product's own say what somebody is, which nobody becomes by a command.
  const own = [user, ...group.filter((name) => name !== 'system:masters')].find((name) => name.startsWith('system:'));
  if (own !== undefined) throw new StartError(`${own} is a name that only the product gives`);
  const lifeMs = expires === 'never' ? undefined : readDuration(expires);
  const token = newAccessToken();
  const id = newAccessTokenId();
  const expiresAt = lifeMs === undefined ? undefined : new Date(Date.now() + lifeMs);
  await tokens.create(
    {
      id,
      user,
      groups: group,
      note,
      ...(project === undefined ? {} : { project }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    },
    bytesOf(fingerprintOf(token)),
  );
  console.error(
    `Token ${id} of ${user}, ${expiresAt === undefined ? 'without end' : `until ${expiresAt.toISOString()}`}:`,
  );
  console.log(token);
}

function createOptions(args: readonly string[]) {
  const string = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: { user: string, group: { ...string, multiple: true }, project: string, expires: string, note: string },
    }).values;
  } catch (error) {
    throw new StartError(`${(error as Error).message}\n${usage}`);
  }
}

async function revokeById(tokens: AccessTokens, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    if (!(await tokens.revoke(id))) throw new StartError(`there is no token ${id}`);
    console.log(`revoked ${id}`);
  }
}

/** Takes back the token itself, so that it need not stand among the arguments, which everybody on the machine sees. */
async function revokeToken(tokens: AccessTokens, revocations: Revocations, token: string): Promise<void> {
  const hash = bytesOf(fingerprintOf(token));
  if (isAccessToken(token)) {
    const found = await tokens.find(hash);
    return revokeById(tokens, [found?.id ?? 'like this one']);
  }
  if (!isSigned(token)) throw new StartError('that is no token');
  const { exp } = readUnproven(token).claims;
  await revocations.revoke(hash, typeof exp === 'number' ? new Date(exp * 1000) : undefined);
  console.log('revoked');
}

function table(tokens: readonly AccessToken[]): string {
  const rows = tokens.map(({ id, user, groups, project, expiresAt, revokedAt, lastUsedAt, note }) => [
    id,
    user,
    groups.join(','),
    project ?? '',
    revokedAt === undefined ? (expiresAt?.toISOString() ?? 'never') : 'revoked',
    lastUsedAt?.toISOString() ?? 'never',
    note,
  ]);
  const all = [['ID', 'USER', 'GROUPS', 'PROJECT', 'ENDS', 'LAST USED', 'NOTE'], ...rows];
  const widthOf = (column: number): number => Math.max(...all.map((row) => row[column]?.length ?? 0));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widthOf(column)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
