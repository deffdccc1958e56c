import { glob, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Row } from './support/row.ts';

const here = import.meta.dirname;
const wanted = process.argv.slice(2);

/** Runs every measure in bench/measures, or those named, prints a table and writes it as JSON. */
const results: Record<string, Row[]> = {};
for (const file of (await Array.fromAsync(glob('measures/*.ts', { cwd: here }))).toSorted()) {
  const name = basename(file, '.ts');
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const { measure } = (await import(join(here, file))) as { measure: () => Promise<Row[]> };
  console.log(`\n${name}`);
  results[name] = await measure();
  for (const { what, value, unit, goal } of results[name]) {
    const figure = `${value >= 100 ? value.toFixed(0) : value.toPrecision(3)} ${unit}`;
    console.log(
      `  ${what.padEnd(64)} ${figure.padStart(12)}  ${goal === undefined ? '' : `${goal.met ? 'ok  ' : 'MISS'} ${goal.text}`}`,
    );
  }
}
const folder = join(here, 'results');
await mkdir(folder, { recursive: true });
await writeFile(join(folder, 'latest.json'), `${JSON.stringify({ at: new Date().toISOString(), results }, null, 2)}\n`);
const missed = Object.values(results)
  .flat()
  .filter(({ goal }) => goal?.met === false).length;
console.log(`\n${missed === 0 ? 'All goals met.' : `${missed} goals missed.`} bench/results/latest.json`);
