import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, type Server, Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { newAuthority, newCertificate } from '../../test/support/client-certificates.ts';
import { createAddresses } from './addresses.ts';
import { createArrivals } from './arrivals.ts';
import { limitsOf, type LimitSettings } from './limits.ts';
import { limitConnections } from './listening.ts';

const request = 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';

async function limited(server: Server, settings: LimitSettings['server'] = {}): Promise<number> {
  limitConnections(server, createAddresses(limitsOf({ server: settings }).server));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function answerOf(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => void (text += chunk));
  await once(socket, 'close');
  return text;
}

test('a crowd of connections that say all at once is served, each in whole', async () => {
  const port = await limited(createHttpServer((_, response) => response.end('hello')));
  const answers = await Promise.all(
    Array.from({ length: 200 }, () => {
      const socket = connect(port, '127.0.0.1');
      socket.write(request);
      return answerOf(socket);
    }),
  );
  expect(answers.filter((text) => text.includes('hello'))).toHaveLength(200);
});

test('so is a crowd with TLS', async () => {
  const authority = await newAuthority('nobody');
  const keys = await newCertificate(authority, 'CN=here', { forServers: true });
  const port = await limited(createHttpsServer(keys, (_, response) => response.end('hello')));
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => {
      const socket = connectTls({ port, host: '127.0.0.1', ca: authority.cert, checkServerIdentity: () => undefined });
      socket.write(request);
      return answerOf(socket);
    }),
  );
  expect(answers.filter((text) => text.includes('hello'))).toHaveLength(50);
});

test('one of another address does not wait for the crowd of one', async () => {
  const begun: Socket[] = [];
  const arrive = createArrivals((socket) => void begun.push(socket));
  const crowd = Array.from({ length: 300 }, () => new Socket());
  const other = new Socket();
  for (const socket of crowd) arrive('127.0.0.2', socket);
  arrive('127.0.0.3', other);
  expect(begun.length).toBeLessThan(10);
  await expect.poll(() => begun.length).toBe(301);
  expect(begun.indexOf(other)).toBeLessThan(10);
  expect(begun.filter((socket) => socket !== other)).toEqual(crowd);
});

test('who goes while he waits takes nobody with him', async () => {
  const port = await limited(createHttpServer((_, response) => response.end('hello')));
  const crowd = Array.from({ length: 100 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  await Promise.all(crowd.map((socket) => once(socket, 'connect')));
  for (const socket of crowd) socket.resetAndDestroy();
  const socket = connect(port, '127.0.0.1');
  socket.write(request);
  expect(await answerOf(socket)).toContain('hello');
});

test('what is refused is closed late and never heard', async () => {
  let heard = 0;
  const server = createHttpServer((_, response) => {
    heard += 1;
    response.end();
  });
  const port = await limited(server, { newConnections: { perSecond: 0.001, burst: 1 } });
  const ask = (): Promise<string> => {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    socket.write(request);
    return answerOf(socket);
  };
  await ask();
  const begun = performance.now();
  expect(await ask()).toBe('');
  // Late: or else whoever is refused would come back at once.
  expect(performance.now() - begun).toBeGreaterThan(400);
  expect(heard).toBe(1);
});
