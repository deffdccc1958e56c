import { pino } from 'pino';
import { adminToken, type Authenticate } from '../../access/authenticate.ts';
import { openAuthentication } from '../../access/open-authentication.ts';
import { createPolicies } from '../../access/rbac/policies.ts';
import { newAccessToken } from '../../access/tokens/access-token.ts';
import { bytesOf, fingerprintOf } from '../../access/tokens/fingerprint.ts';
import { startGateway } from '../../gateway/start-gateway.ts';
import { builtInRegistry } from '../../kinds/registry.ts';
import { embeddedSubgraphs } from '../../subgraphs/embedded.ts';
import { httpLoad } from '../support/http-load.ts';
import { row, type Row } from '../support/row.ts';
import { asBench, type BenchStore, withStore } from '../support/store.ts';

const rounds = 5;
const calls = 20_000;
/** With the 8 % that rules may add (access.ts) it stays within 10 %, which is what both may add together. */
const mostShare = 0.02;
const admin = 'bench-token-0123456789';
const at = { namespace: 'default', name: 'robot' };

/** What it takes to know somebody again, as part of what the smallest read over HTTP takes, which knows its caller anyhow. */
export async function measure(): Promise<Row[]> {
  return withStore(async (open) => {
    const { authenticate, close, serviceAccounts } = authentication(open);
    const handed = newAccessToken();
    const note = { id: 'bench', user: 'bench', groups: [], note: '' };
    await open.credentials.tokens.create(note, bytesOf(fingerprintOf(handed)));
    await open.store.create(asBench, 'ServiceAccount', { metadata: { ...at } });
    const { token: signed } = await serviceAccounts.request(asBench, { ...at, audiences: [] });
    const log = pino({ level: 'error' });
    const registry = builtInRegistry();
    const gateway = await startGateway({
      host: '127.0.0.1',
      port: 0,
      authenticate: adminToken(admin),
      ...embeddedSubgraphs({
        store: open.store,
        audit: open.audit,
        inventory: open.inventory,
        serviceAccounts,
        registry,
        authority: createPolicies(),
        log,
      }),
      log,
    });
    const body = JSON.stringify({
      query: '{ serviceAccount(namespace: "default", name: "robot") { metadata { uid } } }',
    });
    const sums = { read: 0, handed: 0, signed: 0 };
    for (let round = -1; round < rounds; round += 1) {
      const counted = round < 0 ? 0 : 1 / rounds;
      sums.read +=
        counted * (1e6 / (await httpLoad({ url: gateway.url, token: admin, body, total: 1500, clients: 16 })));
      sums.handed += counted * (await timeOf(authenticate, handed));
      sums.signed += counted * (await timeOf(authenticate, signed));
    }
    await gateway.close();
    close();
    return [
      row('the smallest read over HTTP', sums.read, 'µs'),
      row('knowing a token that was handed out', sums.handed, 'µs'),
      row('knowing a token that was signed', sums.signed, 'µs'),
      row('the dearer of them to the read', Math.max(sums.handed, sums.signed) / sums.read, '×', { atMost: mostShare }),
    ];
  });
}

function authentication({ credentials, store }: BenchStore) {
  const log = pino({ level: 'silent' });
  return openAuthentication({ ...credentials, store, adminToken: admin, issuer: 'https://bench', oidc: [], log });
}

/** µs that one call takes when the answer is known. */
async function timeOf(authenticate: Authenticate, token: string): Promise<number> {
  const authorization = `Bearer ${token}`;
  if ((await authenticate(authorization)) === undefined) throw new Error('the token proves nobody');
  const started = performance.now();
  for (let call = 0; call < calls; call += 1) await authenticate(authorization);
  return ((performance.now() - started) * 1000) / calls;
}
