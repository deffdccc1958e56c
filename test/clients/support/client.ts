import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { type Result, type Running, run, type RunOptions, start } from './run.ts';
import type { Server } from './server.ts';

/** Arguments of a command: a list, or a text whose words are they. */
export type Command = string | readonly string[];

type More = Omit<Partial<RunOptions>, 'env'> & { readonly env?: Readonly<Record<string, string>> };

/** A command-line client with our kubeconfig and a home of its own. */
export interface Client {
  /** Must exit 0; answers what it printed, warnings last. */
  ok(command: Command, more?: More): Promise<string>;
  /** Must exit 1; answers what it printed. */
  fails(command: Command, more?: More): Promise<string>;
  run(command: Command, more?: More): Promise<Result>;
  /** Started, and ended by the caller. */
  start(command: Command, more?: More): Running;
  /** For files that commands read. */
  readonly folder: string;
}

/**
 * A client at a server. Its caches of discovery live in its home, so that no client sees what another one cached;
 * `common` stands before each command's own arguments.
 */
export function clientOf(server: Server, program: string, common: readonly string[] = []): Client {
  const folder = mkdtempSync(join(server.folder, 'home-'));
  const base = { HOME: folder, KUBECONFIG: server.kubeconfig, LC_ALL: 'C.UTF-8' };
  const options = (more: More): RunOptions => ({ cwd: folder, ...more, env: { ...base, ...more.env } });
  const words = (command: Command): readonly string[] => [
    ...common,
    ...(typeof command === 'string' ? command.split(' ').filter(Boolean) : command),
  ];
  const client: Client = {
    folder,
    run: (command, more = {}) => run(program, words(command), options(more)),
    start: (command, more = {}) => start(program, words(command), options(more)),
    ok: (command, more = {}) => client.run(command, more).then((result) => expectCode(0, command, result)),
    fails: (command, more = {}) => client.run(command, more).then((result) => expectCode(1, command, result)),
  };
  return client;
}

function expectCode(code: number, command: Command, result: Result): string {
  const printed = `${result.stdout}${result.stderr}`;
  if (result.code !== code) {
    throw new Error(`exit code ${result.code} instead of ${code}: ${[command].flat().join(' ')}\n${printed}`);
  }
  return printed;
}
