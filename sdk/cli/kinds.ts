import type { ClientCore } from '../client/create-client.ts';
import { NotFoundError } from '../client/errors.ts';
import type { AnyKind, Kind } from '../client/kind.ts';
import { discoverKind } from '../discovery/discover-kind.ts';
import { allKinds } from '../generated/kinds.ts';
import { printing } from '../generated/printing.ts';
import { CliError } from './cli-error.ts';
import type { Printing } from '../printing/printing.ts';

/** A kind, and how it is shown where that is known. */
export interface KnownKind {
  readonly kind: Kind<AnyKind>;
  readonly printing: Printing | undefined;
}

const all = Object.entries<Kind>(allKinds).map(([name, kind]): KnownKind => ({
  kind: kind as Kind<AnyKind>,
  printing: printing[name],
}));

/** Names under which kinds can be asked for, the plural first. */
export function kindNames(): string[] {
  return all.flatMap(({ kind, printing: shown }) => [shown?.plural ?? kind.many, ...(shown?.shortNames ?? [])]);
}

/**
 * The kind of a name: plural, singular, short name or kind, with or without its group. Kinds that are newer than this
 * program are looked up at the server. Throws CliError for what there is not.
 */
export async function kindNamed(client: ClientCore, name: string): Promise<KnownKind> {
  const [wanted = '', ...group] = name.toLowerCase().split('.');
  const found = all.find(
    ({ kind, printing: shown }) =>
      [
        kind.many.toLowerCase(),
        kind.type.toLowerCase(),
        shown?.plural,
        shown?.singular,
        ...(shown?.shortNames ?? []),
      ].includes(wanted) &&
      (group.length === 0 || group.join('.') === shown?.group),
  );
  if (found !== undefined) return found;
  try {
    return { kind: await discoverKind(client, name), printing: undefined };
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw new CliError(
      `there is no kind ${name}; there are ${all.map(({ printing: shown }) => shown?.plural).join(', ')}`,
    );
  }
}

/** The kind that a manifest says. */
export async function kindOf(
  client: ClientCore,
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
): Promise<KnownKind> {
  const known = all.find((each) => each.kind.type === kind && each.kind.apiVersion === apiVersion);
  if (known !== undefined) return known;
  const namesake = all.find((each) => each.kind.type === kind);
  if (namesake !== undefined) throw new CliError(`${kind} is of ${namesake.kind.apiVersion}, not ${apiVersion}`);
  return kindNamed(client, kind);
}
