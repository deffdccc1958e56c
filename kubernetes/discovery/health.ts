import type { Answer, Call } from '../http/call.ts';

/** One thing that has to be well for the product to serve. */
export interface HealthCheck {
  readonly name: string;
  /** What is wrong, or undefined. It is kept from the client, who may be anyone. */
  check(): string | undefined;
}

const ping: HealthCheck = { name: 'ping', check: () => undefined };

/**
 * Answers `/healthz`, `/livez`, `/readyz` and their single checks (`/readyz/ping`); undefined for other paths. Only `ping`
 * says whether the process lives, since a restart heals none of the others.
 */
export function healthAnswer(
  { path, query }: Pick<Call, 'path' | 'query'>,
  checks: readonly HealthCheck[],
): Answer | undefined {
  // Almost no request is one, and all come by here.
  if (!/^\/(?:healthz|livez|readyz)(?:\/|$)/.test(path)) return undefined;
  const [, of = '', name, ...beyond] = path.replace(/\/$/, '').split('/');
  if (beyond.length > 0) return undefined;
  const all = of === 'livez' ? [ping] : [ping, ...checks];
  if (name !== undefined) {
    const single = all.find((check) => check.name === name);
    if (single === undefined) return undefined;
    return single.check() === undefined ? text(200, 'ok') : text(500, 'internal server error: reason withheld\n');
  }
  const excluded = query.getAll('exclude');
  const lines = all.map((check) => lineOf(check, excluded.includes(check.name)));
  const failed = lines.some((line) => line.startsWith('[-]'));
  if (failed) return text(500, `${lines.join('\n')}\n${of} check failed\n`);
  return text(200, query.has('verbose') ? `${lines.join('\n')}\n${of} check passed\n` : 'ok');
}

function lineOf({ name, check }: HealthCheck, excluded: boolean): string {
  if (excluded) return `[+]${name} excluded: ok`;
  return check() === undefined ? `[+]${name} ok` : `[-]${name} failed: reason withheld`;
}

function text(status: number, body: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', headers: { 'x-content-type-options': 'nosniff' }, body };
}
