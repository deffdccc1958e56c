import { setTimeout as sleep } from 'node:timers/promises';
import type { Ready } from '../../cli/ready-file.ts';

interface Answer<T> {
  readonly data?: T;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Record<string, unknown>;
  }[];
}

type Endpoint = Pick<Ready, 'graphql' | 'token'>;

/** Sends one operation as any HTTP client would; answers what came back, errors included. */
export async function send<T>(
  to: Endpoint,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Answer<T>> {
  const response = await fetch(to.graphql ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${to.token}` },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Answer<T>;
}

/** Sends one operation that must succeed. */
export async function ask<T>(to: Endpoint, query: string, variables: Record<string, unknown> = {}): Promise<T> {
  const { data, errors } = await send<T>(to, query, variables);
  if (errors !== undefined || data === undefined) throw new Error(`${query}\n${JSON.stringify(errors)}`);
  return data;
}

/** Waits until `read` answers something that is so; fails with the last answer. */
export async function eventually<T>(
  read: () => Promise<T>,
  isSo: (value: T) => boolean,
  timeoutMs = 60_000,
): Promise<T> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (isSo(value)) return value;
    if (Date.now() > until)
      throw new Error(`not so within ${timeoutMs} ms; last: ${JSON.stringify(value, undefined, 1)}`);
    await sleep(25);
  }
}
