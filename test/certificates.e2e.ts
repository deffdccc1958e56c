import { writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startServer, stopServer, serverOfFile, type Server } from './clients/support/server.ts';
import { authorityIn, type Keyed, newAuthority, newCertificate } from './support/client-certificates.ts';

const apiOnly = { DATUM_ROLES: 'gateway,subgraph,kubernetes' };
const server = serverOfFile(apiOnly);

/** Who a server says that the holder of a certificate is; `agent` keeps a connection. */
async function whoIs({ url, ca }: Pick<Server, 'url' | 'ca'>, keys: Keyed | undefined, agent?: Agent): Promise<any> {
  const body = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' });
  const options = { method: 'POST', ca, ...keys, ...(agent === undefined ? {} : { agent }) };
  return new Promise((resolve, reject) => {
    const sent = request(
      `${url}/apis/authentication.k8s.io/v1/selfsubjectreviews`,
      { ...options, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => void (text += chunk));
        response.on('end', () => {
          const answer = JSON.parse(text) as { status: { userInfo?: object } };
          resolve(response.statusCode === 201 ? answer.status.userInfo : response.statusCode);
        });
      },
    );
    sent.on('error', reject).end(body);
  });
}

test('a certificate of our own authority proves whom it names, as long as it lasts', async () => {
  const authority = authorityIn(server().launched.dataDir);
  const admin = await newCertificate(authority, 'CN=root, O=system:masters, O=net');
  expect(await whoIs(server(), admin)).toEqual({
    username: 'root',
    groups: ['system:masters', 'net', 'system:authenticated'],
  });
  expect(await whoIs(server(), undefined)).toBe(401);
  expect(await whoIs(server(), await newCertificate(authority, 'CN=late', { lifeMs: -1000 }))).toBe(401);
  const forServers = await newCertificate(authority, 'CN=server', { forServers: true });
  expect(await whoIs(server(), forServers)).toBe(401);
  expect(await whoIs(server(), await newCertificate(await newAuthority('datum-ca'), 'CN=root, O=system:masters'))).toBe(
    401,
  );
});

test('a certificate that ends while its connection lasts proves nobody any more', async () => {
  const authority = authorityIn(server().launched.dataDir);
  const brief = await newCertificate(authority, 'CN=brief', { lifeMs: 5000 });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  expect(await whoIs(server(), brief, agent)).toMatchObject({ username: 'brief' });
  await expect.poll(() => whoIs(server(), brief, agent), { timeout: 60_000 }).toBe(401);
  // It was the same connection all the time: a new one would have been refused anyway.
  await expect.poll(() => Object.values(agent.freeSockets).flat().length).toBe(1);
});

test("another authority's certificates prove people, but none of the product's own groups", async () => {
  const others = await newAuthority('others');
  const { folder } = server();
  const files = {
    ca: others.cert,
    ...(await newCertificate(others, 'CN=localhost', { forServers: true })),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, `${name}.pem`), text);
  const other = await startServer({
    ...apiOnly,
    DATUM_TLS_CERT: join(folder, 'cert.pem'),
    DATUM_TLS_KEY: join(folder, 'key.pem'),
    DATUM_CLIENT_CA: join(folder, 'ca.pem'),
  });
  onTestFinished(() => stopServer(other));
  const at = { url: other.url.replace('127.0.0.1', 'localhost'), ca: others.cert };
  expect(await whoIs(at, await newCertificate(others, 'CN=ann, O=system:masters, O=net'))).toEqual({
    username: 'ann',
    groups: ['net', 'system:authenticated'],
  });
  expect(await whoIs(at, await newCertificate(others, 'CN=system:admin'))).toBe(401);
  const ours = await newCertificate(authorityIn(server().launched.dataDir), 'CN=root, O=system:masters');
  expect(await whoIs(at, ours)).toBe(401);
});
