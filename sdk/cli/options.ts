import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Datum } from '../client/create-datum.ts';
import { CliError } from './cli-error.ts';
import { connect } from './connection/connect.ts';
import type { Environment } from './environment.ts';

/** What a command gets. */
export interface CommandContext {
  readonly environment: Environment;
  readonly args: readonly string[];
  readonly signal: AbortSignal;
  /** Writes a line to standard output. */
  readonly print: (text: string) => void;
  /** Tells the person something that is no result. */
  readonly tell: (text: string) => void;
}

/** A command: answers its exit code. */
export interface Command {
  readonly summary: string;
  readonly usage: string;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** What stands first after it, for completion. */
  readonly completes?: 'kinds' | 'shells';
  run(context: CommandContext): Promise<number>;
}

const string = { type: 'string' } as const;
const boolean = { type: 'boolean' } as const;

/** Options of every command that talks to the product. */
const clientOptions = {
  project: { ...string, short: 'p' },
} as const;

/** Options of commands about objects. */
export const objectOptions = {
  ...clientOptions,
  namespace: { ...string, short: 'n' },
} as const;

/** Options of commands that choose objects and show them. */
export const selectOptions = {
  ...objectOptions,
  'all-namespaces': { ...boolean, short: 'A' },
  selector: { ...string, short: 'l' },
  'field-selector': string,
  output: { ...string, short: 'o' },
} as const;

/** Options of commands that read manifests. */
export const manifestOptions = {
  ...objectOptions,
  filename: { ...string, short: 'f', multiple: true },
  'field-manager': string,
  'force-conflicts': boolean,
} as const;

/** Reads a command's arguments. Throws CliError, with its usage, for what it does not know. */
export function readArgs<const O extends NonNullable<ParseArgsConfig['options']>>(
  { args }: Pick<CommandContext, 'args'>,
  { options, usage }: { readonly options: O; readonly usage: string },
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new CliError(`${(error as Error).message}\nUsage: ${usage}`);
  }
}

/** Runs `work` with a client, which is closed after it. */
export async function withClient<T>(
  { environment }: CommandContext,
  { project }: { readonly project?: string | undefined },
  work: (client: Datum) => Promise<T>,
): Promise<T> {
  const client = connect(environment, { project });
  try {
    return await work(client);
  } finally {
    client.close();
  }
}

/** The namespace where none is given. */
export const defaultNamespace = 'default';
