import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ProtoNode } from './from-protos.ts';

const FOLDER = '@google-cloud/compute/build/protos';

/** What Google publishes of Compute with npm `@google-cloud/compute`. */
export interface ProtoFiles {
  readonly document: ProtoNode;
  /** Values of enums that the document lacks, by `Message.Enum`. */
  readonly moreValues: ReadonlyMap<string, readonly string[]>;
}

/** Reads them. Throws when the package, which only development needs, is not installed. */
export function readProtoFiles(): ProtoFiles {
  const document = JSON.parse(read('protos.json')) as ProtoNode;
  return { document, moreValues: additionalValues(read('google/cloud/compute/v1/compute.proto')) };
}

function read(file: string): string {
  let path: string;
  try {
    path = createRequire(import.meta.url).resolve(`${FOLDER}/${file}`);
  } catch {
    throw new Error('checking answers needs npm @google-cloud/compute, a development dependency that is not installed');
  }
  return readFileSync(path, 'utf8');
}

/**
 * Two enums of one package cannot share a value's name in this language, so where they would, Google names the values of
 * the second in a comment only.
 */
function additionalValues(proto: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  const pattern = /Additional supported values which may be not listed.*\n((?: *\/\/ [A-Z0-9_]+\n)+) *enum (\w+) \{/g;
  const messages = [...proto.matchAll(/^message (\w+) \{/gm)];
  let next = 0;
  for (const match of proto.matchAll(pattern)) {
    while ((messages[next + 1]?.index ?? Infinity) < match.index) next += 1;
    const values = (match[1] ?? '').split('\n').map((line) => line.replace(/^ *\/\/ /, ''));
    found.set(
      `${messages[next]?.[1]}.${match[2]}`,
      values.filter((value) => value !== ''),
    );
  }
  return found;
}
