// A process that does what a quiet user does, and tells how long it took: run by test/flood.e2e.ts.
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Door, ownTarget } from './target.ts';

const { graphql, kubernetes, control, ca, token, localAddress } = ownTarget();
// Well within the budget of an identity.
const pauseMs = 20;
const agents = {
  graphql: new HttpAgent({ keepAlive: true, localAddress }),
  kubernetes: new HttpsAgent({ keepAlive: true, localAddress, ca }),
};
const networks = `${kubernetes}/apis/networking.datumapis.com/v1alpha/namespaces/default/networks`;
const query = '{ network(namespace: "default", name: "victim") { id metadata { name } spec { mtu } } }';

let latenciesMs: Record<Door, number[]> = { graphql: [], kubernetes: [], control: [] };
let failures: string[] = [];

function ask(door: Door): Promise<void> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const sent =
      door === 'kubernetes'
        ? httpsRequest(`${networks}/victim`, { agent: agents.kubernetes, headers })
        : httpRequest(door === 'graphql' ? graphql : control, { method: 'POST', agent: agents.graphql, headers });
    const fail = (what: string): void => {
      failures.push(`${door}: ${what}`);
      resolve();
    };
    sent.on('error', ({ message }) => fail(message));
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => void (text += chunk));
      response.on('error', ({ message }: Error) => fail(message));
      response.on('end', () =>
        response.statusCode === 200 && text.includes('"victim"') ? resolve() : fail(`${response.statusCode} ${text}`),
      );
    });
    sent.end(door === 'kubernetes' ? undefined : JSON.stringify({ query }));
  });
}

async function visit(door: Door): Promise<never> {
  for (;;) {
    const startMs = performance.now();
    await ask(door);
    latenciesMs[door].push(performance.now() - startMs);
    await sleep(pauseMs);
  }
}

// Any message ends a phase.
process.on('message', () => {
  process.send?.({ latenciesMs, failures });
  latenciesMs = { graphql: [], kubernetes: [], control: [] };
  failures = [];
});
void visit('graphql');
void visit('kubernetes');
void visit('control');
