import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Write } from './database.ts';
import { openJournal, readJournal } from './journal.ts';

test('a journal that has grown is replaced by what is there now', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'gcp-journal-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const current = new Map<string, Write>();
  const journal = openJournal(dataDir, () => current.values());
  const body = { text: 'x'.repeat(1_000_000) };
  for (let count = 1; count <= 40; count += 1) {
    const write: Write = ['resource', `key-${count % 3}`, { type: 't', phase: 'ready', body: { ...body, count } }];
    current.set(write[1], write);
    journal.append([write], count, 1_000 + count);
  }
  expect(statSync(join(dataDir, 'gcp-emulator.journal')).size).toBeLessThan(20_000_000);
  const grown = readJournal(dataDir);
  expect(grown).toMatchObject({ count: 40, atMs: 1_040 });
  expect(new Map(grown.writes.map((write) => [write[1], write]))).toEqual(current);
  journal.close(41, 1_041);
  expect(readJournal(dataDir)).toMatchObject({ count: 41, atMs: 1_041, writes: { length: 3 } });
});
