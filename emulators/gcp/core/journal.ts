import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Write } from './database.ts';

const FORMAT = 'gcp-emulator-1';
const COMPACT_AT_BYTES = 16 * 1024 * 1024;
const ROWS_PER_LINE = 200;

/** What a journal held when it was opened. */
export interface JournalContent {
  readonly writes: readonly Write[];
  readonly count: number;
  /** Virtual time of the last entry, 0 for a new journal. */
  readonly atMs: number;
}

/**
 * A file of JSON lines, one per transaction, written before the answer leaves. It survives the death of the process
 * (not of the machine: nothing is flushed to disk on purpose). A torn last line is a transaction that never happened.
 */
export interface Journal {
  append(writes: readonly Write[], count: number, atMs: number): void;
  /** Leaves a file without history, so that the next start is quick. */
  close(count: number, atMs: number): void;
}

interface Line {
  readonly at: number;
  readonly n: number;
  readonly w: readonly Write[];
}

/** Reads the journal in `dataDir`, which is made when missing. Throws when the file is not one of ours. */
export function readJournal(dataDir: string): JournalContent {
  const path = pathIn(dataDir);
  if (!existsSync(path)) return { writes: [], count: 0, atMs: 0 };
  const [header, ...lines] = readFileSync(path, 'utf8').split('\n');
  if (header !== FORMAT) throw new Error(`${path} is not a journal of the GCP emulator`);
  const writes: Write[] = [];
  let last: Line = { at: 0, n: 0, w: [] };
  for (const text of lines) {
    const line = parseLine(text);
    if (line === undefined) break;
    for (const write of line.w) writes.push(write);
    last = line;
  }
  return { writes, count: last.n, atMs: last.at };
}

/**
 * Opens the journal for writing, replaced by `snapshot` so that it holds no history; the same happens whenever the
 * history has grown to 16 MiB and to more than the snapshot itself.
 */
export function openJournal(dataDir: string, snapshot: () => Iterable<Write>): Journal {
  let fd = -1;
  let sizeBytes = 0;
  let compactAtBytes = 0;

  const put = (text: string) => {
    sizeBytes += writeSync(fd, text);
  };
  const compact = (count: number, atMs: number) => {
    if (fd >= 0) closeSync(fd);
    const path = pathIn(dataDir);
    mkdirSync(dataDir, { recursive: true });
    fd = openSync(`${path}.new`, 'w', 0o600);
    sizeBytes = 0;
    put(`${FORMAT}\n`);
    for (const chunk of chunks(snapshot())) put(lineText({ at: atMs, n: count, w: chunk }));
    renameSync(`${path}.new`, path);
    compactAtBytes = Math.max(COMPACT_AT_BYTES, 2 * sizeBytes);
  };

  return {
    append(writes, count, atMs) {
      if (fd < 0 || sizeBytes > compactAtBytes) compact(count, atMs);
      else put(lineText({ at: atMs, n: count, w: writes }));
    },
    close(count, atMs) {
      if (fd < 0) return;
      compact(count, atMs);
      closeSync(fd);
      fd = -1;
    },
  };
}

function pathIn(dataDir: string): string {
  return join(dataDir, 'gcp-emulator.journal');
}

function lineText(line: Line): string {
  return `${JSON.stringify(line)}\n`;
}

function parseLine(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}

function* chunks(writes: Iterable<Write>): Generator<Write[]> {
  let chunk: Write[] = [];
  for (const write of writes) {
    chunk.push(write);
    if (chunk.length === ROWS_PER_LINE) {
      yield chunk;
      chunk = [];
    }
  }
  yield chunk;
}
