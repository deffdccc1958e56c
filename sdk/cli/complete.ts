import { shells } from './commands/completion.ts';
import { choose } from './commands/selection.ts';
import { kindNames } from './kinds.ts';
import { type Command, type CommandContext, withClient } from './options.ts';

/** Names of objects that are offered at most. */
const maxNames = 200;

/** The words that may stand where the last one is being typed. */
export async function complete(
  context: CommandContext,
  commands: Readonly<Record<string, Command>>,
): Promise<string[]> {
  const words = context.args;
  const typed = words.at(-1) ?? '';
  const fitting = (all: readonly string[]): string[] => all.filter((word) => word.startsWith(typed));
  if (words.length <= 1) return fitting(Object.keys(commands));
  const command = Object.hasOwn(commands, words[0] ?? '') ? commands[words[0] ?? ''] : undefined;
  if (command === undefined) return [];
  if (typed.startsWith('-')) return fitting(Object.keys(command.options).map((option) => `--${option}`));
  const before = words.slice(1, -1);
  const positionals = before.filter((word, index) => !word.startsWith('-') && !takesValue(command, before[index - 1]));
  if (takesValue(command, before.at(-1))) return [];
  if (command.completes === 'shells') return positionals.length === 0 ? fitting(shells) : [];
  if (command.completes !== 'kinds') return [];
  if (positionals.length === 0) return fitting(kindNames());
  return fitting(await namesOf(context, positionals, valueOf(before, '-n', '--namespace')));
}

/** Names of the objects of a kind; none where they cannot be asked for. */
async function namesOf(
  context: CommandContext,
  positionals: readonly string[],
  namespace: string | undefined,
): Promise<string[]> {
  try {
    return await withClient(context, {}, async (client) => {
      const { resource, ...chosen } = await choose(client, positionals.slice(0, 1), { namespace });
      const select = { metadata: { name: true } };
      const { items } = await resource
        .list({ namespace: chosen.namespace, pageSize: maxNames, select, signal: context.signal })
        .page();
      return items.map(({ metadata }) => metadata.name);
    });
  } catch {
    return [];
  }
}

function takesValue({ options }: Command, word: string | undefined): boolean {
  if (word === undefined || !word.startsWith('-') || word.includes('=')) return false;
  const option = Object.entries(options).find(([name, { short }]) => word === `--${name}` || word === `-${short}`);
  return option?.[1].type === 'string';
}

function valueOf(words: readonly string[], ...options: readonly string[]): string | undefined {
  const at = words.findIndex((word) => options.includes(word));
  return at === -1 ? undefined : words[at + 1];
}
