import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseAllDocuments } from 'yaml';
import { CliError } from '../cli-error.ts';

/** An object as somebody wrote it down. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

/** Reads manifests of files, folders (not those within) and standard input (`-`). Throws CliError for what is none, with its place. */
export async function readManifests(from: readonly string[]): Promise<Manifest[]> {
  if (from.length === 0) throw new CliError('which manifests? -f FILE, a folder, or - for standard input');
  const manifests: Manifest[] = [];
  for (const source of from) {
    if (source === '-') manifests.push(...parse('standard input', await text(process.stdin)));
    else for (const file of filesOf(source)) manifests.push(...parse(file, readFileSync(file, 'utf8')));
  }
  if (manifests.length === 0) throw new CliError(`no manifests in ${from.join(', ')}`);
  // A namespace must be there before what is in it; all else may come in any order.
  return [
    ...manifests.filter(({ kind }) => kind === 'Namespace'),
    ...manifests.filter(({ kind }) => kind !== 'Namespace'),
  ];
}

function filesOf(source: string): string[] {
  const stat = statSync(source, { throwIfNoEntry: false });
  if (stat === undefined) throw new CliError(`there is no file ${source}`);
  if (!stat.isDirectory()) return [source];
  return readdirSync(source)
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .toSorted()
    .map((name) => join(source, name));
}

function parse(where: string, content: string): Manifest[] {
  return parseAllDocuments(content).flatMap((document, index) => {
    const [error] = document.errors;
    if (error !== undefined) throw new CliError(`${where}: ${error.message}`);
    const value: unknown = document.toJS();
    // An empty document between two lines of dashes.
    if (value === null || value === undefined) return [];
    return items(value, `${where}, document ${index + 1}`);
  });
}

/** The object, or the items of a list of them. */
function items(value: unknown, where: string): Manifest[] {
  if (typeof value !== 'object' || value === null) throw new CliError(`${where} is not an object`);
  const { apiVersion, items: list, kind, metadata } = value as Partial<Manifest> & { readonly items?: unknown };
  if (kind === 'List' && Array.isArray(list))
    return list.flatMap((item, index) => items(item, `${where}, item ${index + 1}`));
  if (typeof apiVersion !== 'string' || typeof kind !== 'string')
    throw new CliError(`${where} has no apiVersion and kind`);
  if (typeof metadata?.name !== 'string') throw new CliError(`${where}: ${kind} without metadata.name`);
  return [value as Manifest];
}
