import { maxConsoleBytes } from '../../kinds/generator/graphql-api/console-api.ts';
import type { Instance } from '../../kinds/generated/types.ts';
import { type ConsolePage, followConsole, isConsolePage } from '../../store/machine-console.ts';
import { abortable } from '../uniform/abortable.ts';
import type { SubgraphContext } from '../uniform/context.ts';
import { badInput, refusal } from '../uniform/errors.ts';

interface Start {
  readonly startBytes: number;
}

/** Field of an instance that shows what its machine wrote. */
export const serialConsoleResolvers = {
  async serialConsole(
    { metadata }: Instance,
    { startBytes, maxBytes }: Start & { readonly maxBytes: number },
    context: SubgraphContext,
  ): Promise<object> {
    requireLog(context, metadata);
    if (maxBytes < 1 || maxBytes > maxConsoleBytes) throw badInput(`maxBytes is 1 to ${maxConsoleBytes}`, 'maxBytes');
    const found = await context.readConsole(metadata.uid, startBytes);
    if (!isConsolePage(found)) return { text: '', startBytes, nextBytes: startBytes, missing: found.message };
    return page(found, maxBytes);
  },
};

/** Root subscription field of the same. It ends with the right to it, and with the machine. */
export const watchSerialConsoleResolvers = {
  watchSerialConsole: {
    subscribe(
      _: unknown,
      { namespace, name, startBytes }: Start & { readonly namespace: string; readonly name: string },
      context: SubgraphContext,
    ): AsyncIterable<object> {
      requireLog(context, { namespace, name });
      return abortable((signal) => follow(context, { namespace, name }, startBytes, signal));
    },
  },
};

async function* follow(
  context: SubgraphContext,
  key: { readonly namespace: string; readonly name: string },
  startBytes: number,
  signal: AbortSignal,
): AsyncGenerator<object, void> {
  const instance = await context.loaders.object('Instance', key);
  if (instance === undefined) throw refusal(`instance ${JSON.stringify(key.name)} not found`, 'NOT_FOUND');
  const over = new AbortController();
  const leave = context.guard.onChange(() => {
    if (!mayLog(context, key)) over.abort();
  });
  try {
    const either = AbortSignal.any([signal, over.signal]);
    for await (const found of followConsole(context.readConsole, instance.metadata.uid, startBytes, either)) {
      for (let rest: ConsolePage = found; rest.text !== '';) {
        const part = page(rest, maxConsoleBytes);
        yield { watchSerialConsole: part };
        rest = { ...rest, text: rest.text.slice(part.text.length), startBytes: part.nextBytes };
      }
    }
    requireLog(context, key);
  } finally {
    leave();
  }
}

/** At most so many bytes of it; a character that would be torn waits for the next page. */
function page({ text, startBytes, nextBytes }: ConsolePage, maxBytes: number): ConsolePage {
  if (Buffer.byteLength(text) <= maxBytes) return { text, startBytes, nextBytes };
  const { read, written } = new TextEncoder().encodeInto(text, new Uint8Array(maxBytes));
  // Fewer bytes than one character has: it is sent all the same, or nobody would ever get past it.
  const shown = read === 0 ? String.fromCodePoint(text.codePointAt(0) ?? 0) : text.slice(0, read);
  return { text: shown, startBytes, nextBytes: startBytes + (read === 0 ? Buffer.byteLength(shown) : written) };
}

function requireLog(
  { guard, registry }: SubgraphContext,
  { namespace, name }: { readonly namespace?: string; readonly name: string },
): void {
  guard.require(registry.get('Instance'), 'get', { namespace, name, subresource: 'log' });
}

function mayLog(
  { guard, registry }: SubgraphContext,
  key: { readonly namespace: string; readonly name: string },
): boolean {
  return guard.may(registry.get('Instance'), 'get', { ...key, subresource: 'log' });
}
