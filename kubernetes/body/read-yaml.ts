import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Node, type Pair } from 'yaml';
import { isObject, setOwn } from '../../kinds/schema/json.ts';
import { DecodeError } from './decode-error.ts';
import { maxDepth, readJson } from './read-json.ts';
import { scalarOf } from './yaml-scalar.ts';

/** YAML as it was read; of a key that came twice the last value counts. */
export interface ReadYaml {
  readonly value: unknown;
  /** `line 6: key "mtu" already set in map` */
  readonly duplicates: readonly string[];
}

/** Nodes that a document may stand for once its aliases are resolved. */
const maxNodes = 200_000;
const maxCharacters = 4 * 1024 * 1024;
const excessive = 'yaml: document contains excessive aliasing';
/** JSON inside a YAML body is not bound by this; YAML of a megabyte stays below. */
const maxMarks = 64 * 1024;
/** Brackets that stand open within a text block count as well, so this is more than a document may nest. */
const maxBrackets = 5000;
const maxFindings = 100;
const maxReason = 200;

/** Reads the first document, or JSON, as Kubernetes does: timestamps stay text. Throws DecodeError. */
export function readYaml(text: string): ReadYaml {
  if (/^\s*[{[]/.test(text)) {
    try {
      const { value, duplicates } = readJson(text);
      return { value, duplicates: duplicates.map(({ key, offset }) => alreadySet(lineOf(text, offset), key)) };
    } catch {
      // Flow style looks like JSON and is not; the reader of YAML has the last word.
    }
  }
  checkMarks(text);
  try {
    return readDocument(text);
  } catch (error) {
    // The library recurses into what is nested, however the nesting is written.
    if (error instanceof RangeError) throw new DecodeError('yaml: exceeded max depth');
    throw error;
  }
}

function readDocument(text: string): ReadYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: 'failsafe',
    uniqueKeys: false,
    lineCounter: lines,
    logLevel: 'silent',
    // Would quote the text around every error, which takes minutes where a long line has many.
    prettyErrors: false,
  });
  const fault = document.errors.find(({ code }) => code !== 'MULTIPLE_DOCS');
  if (fault !== undefined) {
    throw new DecodeError(`yaml: line ${lines.linePos(fault.pos[0]).line}: ${fault.message.slice(0, maxReason)}`);
  }
  const reading: Reading = { anchors: new Map(), lines, nodes: 0, characters: 0, duplicates: [] };
  return { value: valueOf(document.contents, reading, 0), duplicates: reading.duplicates };
}

interface Reading {
  /** By name; an anchor that comes again replaces the first, as the order of reading has it. */
  readonly anchors: Map<string, Node>;
  readonly lines: LineCounter;
  nodes: number;
  characters: number;
  readonly duplicates: string[];
}

function valueOf(node: unknown, reading: Reading, depth: number): unknown {
  reading.nodes += 1;
  if (reading.nodes > maxNodes) throw new DecodeError(excessive);
  if (depth > maxDepth) throw new DecodeError('yaml: exceeded max depth');
  if (isAlias(node)) {
    const target = reading.anchors.get(node.source);
    if (target === undefined) throw new DecodeError(`yaml: unknown anchor '${node.source}' referenced`);
    return valueOf(target, reading, depth + 1);
  }
  if (isNode(node) && node.anchor !== undefined) reading.anchors.set(node.anchor, node);
  if (isScalar(node)) {
    reading.characters += node.source?.length ?? 0;
    if (reading.characters > maxCharacters) throw new DecodeError(excessive);
    return scalarOf(node);
  }
  if (isSeq(node)) return node.items.map((item) => valueOf(item, reading, depth + 1));
  return isMap(node) ? mapOf(node.items, reading, depth) : null;
}

function mapOf(pairs: readonly Pair[], reading: Reading, depth: number): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  const merged: unknown[] = [];
  for (const { key, value } of pairs) {
    const name = keyOf(key, reading, depth);
    if (name === '<<' && isScalar(key) && key.type === 'PLAIN') {
      const source = valueOf(value, reading, depth + 1);
      merged.push(...(Array.isArray(source) ? (source as unknown[]) : [source]));
      continue;
    }
    if (Object.hasOwn(result, name)) noteDuplicate(reading, key as Node, name);
    setOwn(result, name, valueOf(value, reading, depth + 1));
  }
  for (const source of merged) {
    if (!isObject(source)) throw new DecodeError('yaml: map merge requires map or sequence of maps as the value');
    for (const [name, value] of Object.entries(source)) if (!Object.hasOwn(result, name)) setOwn(result, name, value);
  }
  return result;
}

/** Keys are text in JSON: numbers and booleans become it, anything else is refused. */
function keyOf(node: unknown, reading: Reading, depth: number): string {
  const key = valueOf(node, reading, depth + 1);
  if (typeof key === 'object') throw new DecodeError('yaml: unsupported map key');
  return String(key);
}

function noteDuplicate({ lines, duplicates }: Reading, key: Node, name: string): void {
  if (duplicates.length < maxFindings) duplicates.push(alreadySet(lines.linePos(key.range?.[0] ?? 0).line, name));
}

function alreadySet(line: number, key: string): string {
  return `line ${line}: key ${JSON.stringify(key)} already set in map`;
}

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/**
 * The library takes some microseconds for every mark, ten times what plain text costs, and recurses into brackets: both are
 * counted before it begins.
 */
function checkMarks(text: string): void {
  let marks = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (!isMark(code)) continue;
    marks += 1;
    if (code === 0x5b || code === 0x7b) depth += 1;
    else if (code === 0x5d || code === 0x7d) depth = Math.max(0, depth - 1);
    if (marks > maxMarks || depth > maxBrackets) throw new DecodeError('yaml: document is too complex');
  }
}

/** Whatever YAML gives a meaning to; letters, digits, spaces and what base64 has beyond them are free. */
function isMark(code: number): boolean {
  if (code > 0x7f || code === 0x20) return false;
  const isWord =
    (code >= 0x61 && code <= 0x7a) || (code >= 0x2f && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || code === 0x2b;
  return !isWord;
}
