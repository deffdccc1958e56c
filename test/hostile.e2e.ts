import { connect } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { draws } from './clients/support/hostile/random.ts';
import { hostileNamespace, hostileRequest, type HostileRequest } from './clients/support/hostile/requests.ts';
import { hostileHttp2Sender } from './clients/support/hostile/send-http2.ts';
import { hostileSender, type Outcome } from './clients/support/hostile/send.ts';
import { residentMb } from './clients/support/process-size.ts';
import { freshNamespace, type Server, serverOfFile } from './clients/support/server.ts';
import { seeded, sized, testSeed } from './support/scale.ts';

const server = serverOfFile();
const count = sized(200_000, { full: 10_000, quick: 2_000 });
const connections = 8;

it(
  'hostile requests are refused: no failure, no growth, nothing else touched',
  { timeout: 60_000 + count * 10 },
  async () => {
    await server().call({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: hostileNamespace } } });
    const control = await controlObject(server());
    const senders = [hostileSender(server(), connections), hostileHttp2Sender(server())] as const;
    onTestFinished(() => senders.forEach((sender) => sender.close()));
    const draw = draws(seeded('hostile'));
    const statuses = new Map<number, number>();
    const failures: string[] = [];
    let sent = 0;
    const work = async (upTo: number): Promise<void> => {
      while (sent < upTo) {
        sent += 1;
        const hostile = hostileRequest(draw);
        const outcome = await senders[draw.chance(0.2) ? 1 : 0].send(hostile);
        if ('status' in outcome) statuses.set(outcome.status, (statuses.get(outcome.status) ?? 0) + 1);
        const failure = failureOf(hostile, outcome);
        if (failure !== undefined) failures.push(`#${sent} ${failure}`);
      }
    };
    const run = (upTo: number): Promise<unknown> => Promise.all(Array.from({ length: connections }, () => work(upTo)));
    const pid = server().ready.pid;
    await run(count / 2);
    const middleMb = await residentMb(pid);
    await run(count);
    const endMb = await residentMb(pid);
    const counts = [...statuses].toSorted(([a], [b]) => a - b).map(([status, times]) => `${times} × ${status}`);
    console.log(
      `hostile requests: seed ${testSeed}, ${count} sent, ${failures.length} failures, memory ${middleMb} MB in the middle and ${endMb} MB at the end; ${counts.join(', ')}`,
    );
    expect(failures.slice(0, 20)).toEqual([]);
    // Most reach a handler: what is all refused at the door proves nothing.
    expect(statuses.get(200) ?? 0).toBeGreaterThan(count / 50);
    expect(statuses.get(201) ?? 0).toBeGreaterThan(0);
    expect(statuses.get(422) ?? 0).toBeGreaterThan(count / 200);
    expect((await server().call({ path: control.path })).body).toEqual(control.object);
    expect(server().launched.process.exitCode).toBeNull();
    expect(endMb).toBeLessThan(middleMb * 1.25 + 40);
  },
);

it('bytes that are no HTTP end their own connection and nothing else', async () => {
  const { url, ca } = server();
  const draw = draws(seeded('bytes'));
  const noise = (): Buffer => Buffer.from(Array.from({ length: 4096 }, () => draw.below(256)));
  const texts = [
    'GET / HTTP/9.9\r\n\r\n',
    'GET /\u0000 HTTP/1.1\r\nhost: x\r\n\r\n',
    `GET /${'x'.repeat(100_000)} HTTP/1.1\r\nhost: x\r\n\r\n`,
    `GET / HTTP/1.1\r\nhost: x\r\n${'a: b\r\n'.repeat(5000)}\r\n`,
    'POST /api/v1/namespaces HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n',
    'POST /api/v1/namespaces HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    'POST /api/v1/namespaces HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
    'GET / HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'CONNECT example.com:443 HTTP/1.1\r\nhost: example.com\r\n\r\n',
    noise(),
    Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), noise()]),
  ];
  for (const [text, protocol] of texts.flatMap((one) => [[one, 'http/1.1'] as const, [one, 'h2'] as const])) {
    const answer = await new Promise<string>((resolve, reject) => {
      const to = { port: Number(new URL(url).port), host: '127.0.0.1', ca, ALPNProtocols: [protocol] };
      const socket = connect(to, () => socket.end(text));
      let read = '';
      socket.on('data', (chunk: Buffer) => void (read += chunk.toString('latin1')));
      // What is refused while it is still being sent may be cut.
      socket.on('error', () => resolve(read));
      socket.on('close', () => resolve(read));
      socket.setTimeout(20_000, () => reject(new Error(`the connection stays open: ${String(text).slice(0, 80)}`)));
    });
    expect(answer.slice(0, 12), String(text).slice(0, 80)).not.toMatch(/^HTTP\/1\.1 5/);
  }
  expect((await server().call({ path: '/version' })).status).toBe(200);
});

/** Makes an object in a namespace that no hostile request names. */
async function controlObject(to: Server): Promise<{ path: string; object: unknown }> {
  const namespace = await freshNamespace(to, 'control-');
  const collection = `/api/v1/namespaces/${namespace}/configmaps`;
  await to.call({ method: 'POST', path: collection, body: { metadata: { name: 'control' }, data: { a: '1' } } });
  const path = `${collection}/control`;
  const { status, body } = await to.call({ path });
  expect(status).toBe(200);
  return { path, object: body };
}

function failureOf({ method, path, headers, body }: HostileRequest, outcome: Outcome): string | undefined {
  const request = `${method} ${path.slice(0, 300)} ${JSON.stringify(headers).slice(0, 300)} ${body?.subarray(0, 300).toString() ?? ''}`;
  if ('error' in outcome) {
    // An answer to a body over the limit comes before the body's end.
    const isOverLimit = (body?.length ?? 0) > 3_000_000 && ['EPIPE', 'ECONNRESET'].includes(outcome.error);
    return isOverLimit || isCutWatch(path, outcome.error) ? undefined : `${outcome.error}: ${request}`;
  }
  // The one that clients are meant to wait for and try again.
  const isTooEarly = outcome.status === 504 && outcome.text.includes('ResourceVersionTooLarge');
  return outcome.status < 500 || isTooEarly ? undefined : `${outcome.status} ${outcome.text}: ${request}`;
}

function isCutWatch(path: string, error: string): boolean {
  return /[?&]watch=/.test(path) && error === 'ECONNRESET';
}
