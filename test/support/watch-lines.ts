import { request } from 'node:https';
import { onTestFinished } from 'vitest';
import type { Server } from '../clients/support/server.ts';

/** The lines of a Kubernetes watch, from its first one until it ends. */
export async function watchLines(
  { url, ca }: Pick<Server, 'url' | 'ca'>,
  token: string,
): Promise<{ readonly lines: any[]; readonly ended: Promise<void> }> {
  const lines: any[] = [];
  const path =
    '/api/v1/namespaces/default/configmaps?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
  const headers = { authorization: `Bearer ${token}` };
  const started = Promise.withResolvers<void>();
  const ended = new Promise<void>((resolve, reject) => {
    const call = request(`${url}${path}`, { ca, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        const whole = text.split('\n');
        text = whole.pop() ?? '';
        lines.push(...whole.map((line) => JSON.parse(line) as unknown));
        if (lines.length > 0) started.resolve();
      });
      response.on('end', resolve).on('error', reject);
    });
    call.on('error', reject).end();
    onTestFinished(() => void call.destroy());
  });
  ended.catch(() => {});
  await started.promise;
  return { lines, ended };
}
