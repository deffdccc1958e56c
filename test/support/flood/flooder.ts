// A process that asks for all it can get, in every way there is, until it is stopped: run by test/flood.e2e.ts.
import { once } from 'node:events';
import { Agent as HttpAgent, request as httpRequest, type RequestOptions } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { connect as connectTcp, type Socket } from 'node:net';
import { setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { WebSocket } from 'ws';
import { ownTarget } from './target.ts';

const { graphql, kubernetes, ca, token, localAddress } = ownTarget();
// Its own work must not count as the product's: elsewhere it would have a machine of its own.
setPriority(19);

const authorization = `Bearer ${token}`;
const counts: Record<string, number> = {};
const note = (what: string): void => void (counts[what] = (counts[what] ?? 0) + 1);
const agents = {
  http: new HttpAgent({ keepAlive: true, localAddress, maxSockets: 200 }),
  https: new HttpsAgent({ keepAlive: true, localAddress, maxSockets: 200, ca }),
};

/** One request, whose answer is read and forgotten. */
function ask(what: string, url: string, options: RequestOptions, body?: string | Buffer): Promise<void> {
  return new Promise((resolve) => {
    const [send, agent] = url.startsWith('https:') ? [httpsRequest, agents.https] : [httpRequest, agents.http];
    const headers = { authorization, 'content-type': 'application/json', ...(options.headers as object) };
    const sent = send(url, { agent, ...options, headers });
    const over = (outcome: string | number): void => {
      note(`${what} ${outcome}`);
      resolve();
    };
    sent.on('error', (error: NodeJS.ErrnoException) => over(error.code ?? 'error'));
    sent.on('response', (response) => {
      response.resume().on('error', () => resolve());
      response.on('end', () => over(response.statusCode ?? 0));
    });
    sent.end(body);
  });
}

/** Does the same for ever, so many at a time. */
function keep(parallel: number, task: () => Promise<unknown>): void {
  const loop = async (): Promise<never> => {
    for (;;) {
      await task().catch(() => {});
      // Let the others have their turn in this process too.
      await sleep(1);
    }
  };
  for (let count = 0; count < parallel; count += 1) void loop();
}

function dial(door: 'graphql' | 'kubernetes'): Socket {
  const port = Number(new URL(door === 'graphql' ? graphql : kubernetes).port);
  const to = { host: '127.0.0.1', port, localAddress };
  const socket = door === 'graphql' ? connectTcp(to) : connectTls({ ...to, ca });
  return socket.on('error', () => {});
}

/** Holds a connection until it is closed; `act` is called when it is open. */
async function hold(what: string, door: 'graphql' | 'kubernetes', act: (socket: Socket) => void): Promise<void> {
  const socket = dial(door);
  socket.once(door === 'graphql' ? 'connect' : 'secureConnect', () => {
    note(`${what} opened`);
    act(socket);
  });
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}

process.on('message', () => process.send?.(counts));

const doors = ['graphql', 'kubernetes'] as const;
const everything = `{ networks(first: 200) { nodes { id metadata { name labels annotations } spec { mtu } status { conditions { type status } } contexts(first: 100) { nodes { id } } } } configMaps(first: 200) { nodes { id metadata { name } data } } }`;

// Heavy queries, huge bodies, small requests without end, and credentials that are none.
keep(30, () => ask('heavy query', graphql, { method: 'POST' }, JSON.stringify({ query: everything })));
keep(30, () => ask('heavy list', `${kubernetes}/api/v1/configmaps`, {}));
keep(20, () => ask('small query', graphql, { method: 'POST' }, '{"query":"{ __typename }"}'));
keep(20, () => ask('small get', `${kubernetes}/api/v1/namespaces/default`, {}));
const huge = Buffer.alloc(3_000_000, ' ');
keep(10, () => ask('huge query', graphql, { method: 'POST' }, huge));
keep(10, () => ask('huge object', `${kubernetes}/api/v1/namespaces/default/configmaps`, { method: 'POST' }, huge));
let forged = 0;
keep(10, () =>
  ask('forged', graphql, { method: 'POST', headers: { authorization: `Bearer forged-${(forged += 1)}` } }, '{}'),
);

// Watches: over the wire of Kubernetes, over SSE, and many on one WebSocket.
const watch = 'subscription { watchConfigMaps { type configMap { metadata { name } data } } }';
// As many connections as there are watches: the agents above are for requests that end.
const lasting = {
  http: new HttpAgent({ localAddress }),
  https: new HttpsAgent({ localAddress, ca }),
};
keep(60, () => ask('watch', `${kubernetes}/api/v1/configmaps?watch=true`, { agent: lasting.https }));
keep(30, () =>
  ask('sse', `${graphql}?query=${encodeURIComponent(watch)}`, {
    agent: lasting.http,
    headers: { accept: 'text/event-stream' },
  }),
);
keep(20, async () => {
  const socket = new WebSocket(graphql.replace(/^http/, 'ws'), 'graphql-transport-ws', { localAddress });
  socket.on('error', () => {});
  socket.on('open', () => {
    note('websocket opened');
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }));
  });
  socket.once('message', () => {
    for (let id = 0; id < 300 && socket.readyState === WebSocket.OPEN; id += 1)
      socket.send(JSON.stringify({ id: String(id), type: 'subscribe', payload: { query: watch } }));
  });
  await once(socket, 'close');
});

// Streams of HTTP/2 that are opened and taken back.
keep(2, async () => {
  const session = connectHttp2(kubernetes, {
    createConnection: () => {
      const to = { host: '127.0.0.1', port: Number(new URL(kubernetes).port), localAddress, ca, ALPNProtocols: ['h2'] };
      return connectTls(to);
    },
  });
  session.on('error', () => {});
  await once(session, 'connect');
  note('http2 opened');
  while (!session.closed && !session.destroyed) {
    for (let count = 0; count < 20; count += 1) {
      const stream = session.request({ ':path': '/api/v1/configmaps', authorization });
      stream.on('error', () => {});
      setImmediate(() => stream.close(8));
    }
    await sleep(5);
  }
});

// Only now, since they would use up what new connections an address may have.
await sleep(2_000);
for (const door of doors) {
  // Connections that are opened and say nothing, or one byte a second, or half a body.
  keep(300, () => hold(`idle ${door}`, door, () => {}));
  keep(150, () =>
    hold(`slow head ${door}`, door, (socket) => {
      socket.write('POST /graphql HTTP/1.1\r\nhost: x\r\n');
      const drip = setInterval(() => socket.write('a: b\r\n'), 1000);
      socket.once('close', () => clearInterval(drip));
    }),
  );
  keep(50, () =>
    hold(`slow body ${door}`, door, (socket) => {
      const path = door === 'graphql' ? '/graphql' : '/api/v1/namespaces/default/configmaps';
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\ncontent-type: application/json\r\ncontent-length: 3000000\r\n\r\n{`,
      );
    }),
  );
  // Answers that are asked for and not read.
  keep(30, () =>
    hold(`unread ${door}`, door, (socket) => {
      const body = JSON.stringify({ query: everything });
      socket.pause();
      socket.write(
        door === 'graphql'
          ? `POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
          : `GET /api/v1/configmaps HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\n\r\n`,
      );
    }),
  );
}
