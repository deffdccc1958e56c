import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { expectedDifferences } from './clients/support/golden-differences.ts';
import { serverOfFile } from './clients/support/server.ts';

const folder = join(import.meta.dirname, '..', '..', 'shared', 'golden', 'kubernetes');
const cases = join(folder, 'cases');
const topics = existsSync(cases)
  ? readdirSync(cases)
      .filter((name) => name.endsWith('.json'))
      .map((name) => name.slice(0, -'.json'.length))
  : [];
/** What the replay tool says of one case. */
interface Outcome {
  readonly id: string;
  readonly differs: readonly string[];
}

const server = serverOfFile();

it('the golden cases are here', (context) => {
  context.skip(topics.length === 0, 'the golden answers are not beside this checkout');
  expect(topics.toSorted()).toEqual([
    'apply',
    'builtin',
    'crud',
    'discovery',
    'fields',
    'list',
    'patch',
    'protobuf',
    'table',
    'watch',
  ]);
});

it.each(topics)('a real API server answered the same: %s', { timeout: 120_000 }, async (topic) => {
  const outcomes = await replay(topic);
  const wanted = (JSON.parse(readFileSync(join(cases, `${topic}.json`), 'utf8')) as { cases: unknown[] }).cases;
  expect(outcomes).toHaveLength(wanted.length);
  const differing = outcomes.filter(
    ({ id, differs }) => differs.length > 0 && !(`${topic}/${id}` in expectedDifferences),
  );
  expect(
    differing.map(({ id, differs }) => `${id}\n    ${differs.slice(0, 6).join('\n    ')}`),
    `${differing.length} of ${outcomes.length} differ`,
  ).toEqual([]);
  // An exception that is none any more is taken off the list.
  const agreeing = outcomes.filter(
    ({ id, differs }) => differs.length === 0 && `${topic}/${id}` in expectedDifferences,
  );
  expect(agreeing.map(({ id }) => id)).toEqual([]);
});

/** Runs the replay tool on one topic, as anyone would. */
async function replay(topic: string): Promise<Outcome[]> {
  const { url, token, ca, folder: own } = server();
  const report = join(own, `${topic}.json`);
  const authority = join(own, 'ca.crt');
  writeFileSync(authority, ca);
  const args = ['--server', url, '--token', token, '--ca', authority, '--only', topic, '--json', report];
  const printed = await new Promise<string>((resolve) => {
    // By its real path: the tool does nothing when it is started by another name than its own.
    execFile(process.execPath, [realpathSync(join(folder, 'replay.mjs')), ...args], (_, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
  if (!existsSync(report)) throw new Error(`the replay of ${topic} ended without a report:\n${printed}`);
  return JSON.parse(readFileSync(report, 'utf8')) as Outcome[];
}
