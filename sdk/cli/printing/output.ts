import { stringify } from 'yaml';
import { CliError } from '../cli-error.ts';
import type { KnownKind } from '../kinds.ts';
import { align, tableOf } from './table.ts';

const formats = ['json', 'yaml', 'name', 'wide'] as const;
/** How objects are shown; undefined: a table. */
export type Format = (typeof formats)[number] | undefined;

/** The format of `-o`. Throws CliError for one that there is not. */
export function readFormat(text: string | undefined): Format {
  if (text === undefined || (formats as readonly string[]).includes(text)) return text as Format;
  throw new CliError(`-o ${text}: there are ${formats.join(', ')}`);
}

/** Objects as text, each part a line or more. */
export interface Printer {
  /** Some objects at once. */
  all(objects: readonly object[], isOne: boolean): string;
  /** One more of a stream, with what happened to it. */
  next(object: object, event: string): string;
}

/** Prints the objects of a kind. */
export function createPrinter(kind: KnownKind, format: Format, withNamespace: boolean): Printer {
  const table = tableOf(kind.printing, { wide: format === 'wide', withNamespace });
  const widths: number[] = [];
  let hasHead = false;
  switch (format) {
    case 'json':
      return {
        all: (objects, isOne) => JSON.stringify(isOne ? objects[0] : listOf(objects), undefined, 2),
        next: (object, type) => JSON.stringify({ type, object }),
      };
    case 'yaml':
      return {
        all: (objects, isOne) => yaml(isOne ? objects[0] : listOf(objects)).trimEnd(),
        next: (object, event) => `---\n# ${event}\n${yaml(object)}`.trimEnd(),
      };
    case 'name': {
      const name = (object: object): string => nameOf(kind, object);
      return { all: (objects) => objects.map(name).join('\n'), next: name };
    }
    case 'wide':
    case undefined:
      return {
        all: (objects) => align([table.head, ...objects.map(table.row)]).join('\n'),
        next(object, event) {
          const rows = [...(hasHead ? [] : [['EVENT', ...table.head]]), [event, ...table.row(object)]];
          hasHead = true;
          return align(rows, widths).join('\n');
        },
      };
  }
}

/** `workload.compute.datumapis.com/web`, as kubectl names things. */
export function nameOf({ printing, kind }: KnownKind, object: object): string {
  const { metadata } = object as { readonly metadata: { readonly name: string } };
  const singular = printing?.singular ?? kind.type.toLowerCase();
  const group = printing?.group ?? '';
  return `${singular}${group === '' ? '' : `.${group}`}/${metadata.name}`;
}

/** An object as YAML, its fields in the order they came. */
export function yaml(object: unknown): string {
  return stringify(object, { lineWidth: 0, aliasDuplicateObjects: false });
}

function listOf(items: readonly object[]): object {
  return { apiVersion: 'v1', kind: 'List', items };
}
