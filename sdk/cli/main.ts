#!/usr/bin/env node
import { DatumError, ValidationError } from '../client/errors.ts';
import { OidcError } from '../oidc/provider.ts';
import { CliError } from './cli-error.ts';
import { apply } from './commands/apply.ts';
import { completion } from './commands/completion.ts';
import { diff } from './commands/diff.ts';
import { explain } from './commands/explain-why.ts';
import { get } from './commands/get.ts';
import { login } from './commands/login.ts';
import { token } from './commands/token.ts';
import { watch } from './commands/watch.ts';
import { complete } from './complete.ts';
import { readEnvironment } from './environment.ts';
import type { Command, CommandContext } from './options.ts';

const commands: Readonly<Record<string, Command>> = {
  login,
  token,
  get,
  watch,
  apply,
  diff,
  'explain-why': explain,
  completion,
};

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
process.once('SIGTERM', () => interrupted.abort());
// Whoever reads the output, such as head, has enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const [name = 'help', ...args] = process.argv.slice(2);
process.exitCode = await run(name, {
  environment: readEnvironment(),
  args,
  signal: interrupted.signal,
  print: (text) => process.stdout.write(`${text}\n`),
  tell: (text) => process.stderr.write(`${text}\n`),
});

async function run(command: string, context: CommandContext): Promise<number> {
  try {
    if (command === '__complete') {
      for (const word of await complete(context, commands)) context.print(word);
      return 0;
    }
    if (['help', '--help', '-h'].includes(command)) {
      context.print(help(context.args[0]));
      return 0;
    }
    const found = Object.hasOwn(commands, command) ? commands[command] : undefined;
    if (found === undefined) throw new CliError(`there is no command ${command}\n\n${help(undefined)}`);
    if (context.args.includes('--help') || context.args.includes('-h')) {
      context.print(help(command));
      return 0;
    }
    return await found.run(context);
  } catch (error) {
    if (interrupted.signal.aborted) return 130;
    context.tell(`datum: ${explained(error)}`);
    return 2;
  }
}

function help(about: string | undefined): string {
  const command = about !== undefined && Object.hasOwn(commands, about) ? commands[about] : undefined;
  if (command !== undefined) return `datum ${about}: ${command.summary}\n\nUsage: ${command.usage}`;
  const width = Math.max(...Object.keys(commands).map((each) => each.length));
  return [
    'datum, the command line of a network cloud control plane.',
    '',
    ...Object.entries(commands).map(([each, { summary }]) => `  datum ${each.padEnd(width)}  ${summary}`),
    '',
    'datum COMMAND --help says more. DATUM_URL, DATUM_TOKEN and DATUM_PROJECT go before what login remembered.',
  ].join('\n');
}

/** An error for people: what they can mend in a line, what is a fault of ours with its trace. */
function explained(error: unknown): string {
  if (error instanceof ValidationError)
    return error.problems.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`)).join('\n  ');
  if (error instanceof DatumError) {
    const id = error.requestId === undefined ? '' : ` (request ${error.requestId})`;
    return `${error.message}${id}`;
  }
  if (error instanceof CliError || error instanceof OidcError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
