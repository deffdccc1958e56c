import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** How a write ended: done, with its revision; certainly not done; or nobody knows. */
export type Outcome =
  | { readonly is: 'done'; readonly revision: bigint }
  | { readonly is: 'refused'; readonly why: string }
  | { readonly is: 'unknown'; readonly why: string };

/** What a config map holds: who wrote it last, and as which revision. */
export interface Held {
  readonly mark: string;
  readonly revision: bigint;
}

/** A way in, for config maps that hold one mark each. Reads reject when they cannot be answered. */
export interface Door {
  readonly name: 'graphql' | 'kubernetes';
  read(namespace: string, name: string): Promise<Held | undefined>;
  create(namespace: string, name: string, mark: string): Promise<Outcome>;
  /** Only over the revision that is given. */
  replace(namespace: string, name: string, mark: string, over: bigint): Promise<Outcome>;
  remove(namespace: string, name: string): Promise<Outcome>;
}

interface Stored {
  readonly metadata: { readonly resourceVersion: string };
  readonly data?: { readonly mark?: string } | null;
}

const heldIn = ({ metadata, data }: Stored): Held => ({
  mark: data?.mark ?? '',
  revision: BigInt(metadata.resourceVersion),
});
const timeoutMs = 60_000;

/** GraphQL over HTTP. `broken` is told of answers that no client should ever get. */
export function graphqlDoor(port: number, token: string, broken: (answer: string) => void): Door {
  type Payload = { configMap: Stored | null; userErrors?: { code: string; message: string }[] } | null;

  async function ask(query: string, variables: object): Promise<{ data?: Record<string, Payload>; errors?: any[] }> {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const answer = (await response.json()) as { data?: Record<string, Payload>; errors?: any[] };
    for (const { extensions, message } of answer.errors ?? [])
      if (extensions?.retryable !== true && extensions?.code !== 'UNAVAILABLE')
        broken(`${extensions?.code}: ${message}`);
    return answer;
  }

  async function write(query: string, variables: object): Promise<Outcome> {
    try {
      const { data, errors } = await ask(query, variables);
      const [payload] = Object.values(data ?? {});
      if (payload === undefined || payload === null) return { is: 'unknown', why: JSON.stringify(errors) };
      const [refusal] = payload.userErrors ?? [];
      if (refusal !== undefined) return { is: 'refused', why: `${refusal.code} ${refusal.message}` };
      return { is: 'done', revision: BigInt(payload.configMap?.metadata.resourceVersion ?? 0) };
    } catch (error) {
      return { is: 'unknown', why: String(error) };
    }
  }

  const answered = 'configMap { metadata { resourceVersion } } userErrors { code message }';
  return {
    name: 'graphql',
    async read(namespace, name) {
      const query =
        'query ($ns: String!, $name: String!) { configMap(namespace: $ns, name: $name) { metadata { resourceVersion } data } }';
      const { data, errors } = await ask(query, { ns: namespace, name });
      if (errors !== undefined) throw new Error(JSON.stringify(errors));
      const found = (data as { configMap: Stored | null } | undefined)?.configMap;
      return found == null ? undefined : heldIn(found);
    },
    create: (namespace, name, mark) =>
      write(`mutation ($input: ConfigMapInput!) { createConfigMap(input: $input) { ${answered} } }`, {
        input: { metadata: { namespace, name }, data: { mark } },
      }),
    replace: (namespace, name, mark, over) =>
      write(
        `mutation ($ns: String!, $name: String!, $patch: ConfigMapPatch!, $over: String) {
           updateConfigMap(namespace: $ns, name: $name, patch: $patch, ifMatch: $over) { ${answered} } }`,
        { ns: namespace, name, patch: { data: { mark } }, over: String(over) },
      ),
    remove: (namespace, name) =>
      write(
        `mutation ($ns: String!, $name: String!) { deleteConfigMap(namespace: $ns, name: $name) { ${answered} } }`,
        { ns: namespace, name },
      ),
  };
}

/** The Kubernetes API over HTTP/1.1. */
export function kubernetesDoor(port: number, ca: string, token: string, broken: (answer: string) => void): Door {
  const agent = new Agent({ keepAlive: true, ca, maxSockets: 1 });
  onTestFinished(() => agent.destroy());

  function call(method: string, path: string, body?: object): Promise<{ status: number; body: any }> {
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          host: '127.0.0.1',
          port,
          path,
          method,
          agent,
          timeout: timeoutMs,
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        },
        (response) => {
          text(response).then((answer) => {
            const status = response.statusCode ?? 0;
            if (status === 500) broken(`500: ${answer}`);
            resolve({ status, body: JSON.parse(answer) });
          }, reject);
        },
      );
      sent.on('timeout', () => sent.destroy(new Error('no answer'))).on('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  async function write(method: string, path: string, body?: object): Promise<Outcome> {
    try {
      const { status, body: answer } = await call(method, path, body);
      if (status < 300) return { is: 'done', revision: BigInt(answer.metadata?.resourceVersion ?? 0) };
      return { is: status < 500 ? 'refused' : 'unknown', why: `${status} ${answer.message}` };
    } catch (error) {
      return { is: 'unknown', why: String(error) };
    }
  }

  const at = (namespace: string, name = ''): string =>
    `/api/v1/namespaces/${namespace}/configmaps${name && `/${name}`}`;
  return {
    name: 'kubernetes',
    async read(namespace, name) {
      const { status, body } = await call('GET', at(namespace, name));
      if (status === 404) return undefined;
      if (status !== 200) throw new Error(`${status} ${body.message}`);
      return heldIn(body);
    },
    create: (namespace, name, mark) => write('POST', at(namespace), { metadata: { name }, data: { mark } }),
    replace: (namespace, name, mark, over) =>
      write('PUT', at(namespace, name), { metadata: { name, resourceVersion: String(over) }, data: { mark } }),
    remove: (namespace, name) => write('DELETE', at(namespace, name)),
  };
}
