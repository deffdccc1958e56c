import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { Pool } from 'pg';
import type { Config } from '../config.ts';
import { isObject } from '../kinds/schema/json.ts';
import { anchorsOf, exportRecords } from '../store/audit/export-records.ts';
import { type Anchors, type Verified, verifyAudit } from '../store/audit/verify.ts';
import { openSecretBox } from '../store/encryption/secret-box.ts';
import { createPool } from '../store/pool.ts';
import { databaseOf } from './database-of.ts';
import { openDataDir } from './data-dir.ts';
import { keyProviders } from './key-providers.ts';
import { StartError } from './start-error.ts';

const usage = `Usage:
  audit export [--project NAME] [--since TIME] [--until TIME]   records as JSON lines
  audit anchors [--project NAME]                                ends of the chains as JSON lines, to be kept elsewhere
  audit verify [--project NAME] [--anchors FILE]                finds records that were changed, removed, put in or moved;
                                                                FILE holds lines of anchors or of an export`;

/** Reads audit in the database of a product. Throws StartError for what cannot be, and for chains that are broken. */
export async function auditCommand(args: readonly string[], config: Config): Promise<void> {
  const [verb, ...rest] = args;
  const { project, since, until, anchors } = optionsOf(verb, rest);
  const url = await databaseOf(config);
  const pool = createPool({ url, max: 2, name: 'datum audit' });
  try {
    switch (verb) {
      case 'export':
        for await (const page of exportRecords(pool, { project, since: timeOf(since), until: timeOf(until) }))
          await print(page.map(({ hash, text }) => `{"hash":"${hash}","record":${text}}`));
        return;
      case 'anchors':
        return await print((await anchorsOf(pool, project)).map((anchor) => JSON.stringify(anchor)));
      case 'verify':
        return await verify(pool, config, {
          project,
          anchors: anchors === undefined ? undefined : await readAnchors(anchors),
        });
      default:
        throw new StartError(usage);
    }
  } finally {
    await pool.end();
  }
}

const optionsByVerb = {
  export: ['project', 'since', 'until'],
  anchors: ['project'],
  verify: ['project', 'anchors'],
} as const satisfies Record<string, readonly (keyof Options)[]>;

interface Options {
  readonly project?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly anchors?: string | undefined;
}

function optionsOf(verb: string | undefined, args: readonly string[]): Options {
  if (verb !== 'export' && verb !== 'anchors' && verb !== 'verify') throw new StartError(usage);
  const string = { type: 'string' } as const;
  try {
    const options = { project: string, since: string, until: string, anchors: string };
    const { values } = parseArgs({ args: [...args], options });
    const known: readonly string[] = optionsByVerb[verb];
    const other = Object.keys(values).find((name) => !known.includes(name));
    if (other !== undefined) throw new Error(`audit ${verb} takes no --${other}`);
    return values;
  } catch (error) {
    throw new StartError(`${(error as Error).message}\n${usage}`);
  }
}

function timeOf(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new StartError(`${text} is no time such as 2026-11-23T10:00:00Z`);
  return time;
}

async function verify(
  pool: Pool,
  config: Config,
  options: { readonly project: string | undefined; readonly anchors: Anchors | undefined },
): Promise<void> {
  const providers = await keyProviders(config, openDataDir(config.DATUM_DATA_DIR, false));
  const box = await openSecretBox(pool, providers).catch((error: Error) => {
    throw new StartError(error.message);
  });
  let faults = 0;
  try {
    for await (const chain of verifyAudit(pool, box, options)) {
      await print(linesOf(chain));
      faults += chain.faults.length;
    }
  } finally {
    await box.close();
  }
  if (faults > 0) throw new StartError('audit is not what was written');
}

function linesOf({ project, records, first, last, faults }: Verified): string[] {
  const range = records === 0 ? 'no records' : `${records} records, ${first} to ${last.sequence}`;
  return [
    `${project}: ${range}${faults.length === 0 ? ', intact' : ''}`,
    ...faults.map(({ sequence, fault }) => `${project}: record ${sequence}: ${fault}`),
  ];
}

/** Hashes by project and sequence, of lines as `anchors` and `export` print them. */
async function readAnchors(file: string): Promise<Anchors> {
  const anchors = new Map<string, Map<bigint, Buffer>>();
  let number = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(file) })) {
      number += 1;
      if (line.trim() === '') continue;
      const { hash, record, ...anchor } = JSON.parse(line) as { readonly hash?: unknown; readonly record?: unknown };
      const { project, sequence } = (isObject(record) ? record : anchor) as { project?: unknown; sequence?: unknown };
      if (typeof project !== 'string' || typeof sequence !== 'number' || !/^[0-9a-f]{64}$/.test(String(hash)))
        throw new Error('it names no record');
      const known = anchors.get(project) ?? new Map<bigint, Buffer>();
      anchors.set(project, known.set(BigInt(sequence), Buffer.from(String(hash), 'hex')));
    }
  } catch (error) {
    throw new StartError(`${file}${number === 0 ? '' : `, line ${number}`}: ${(error as Error).message}`);
  }
  return anchors;
}

/** Prints lines as fast as they are taken. */
async function print(lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  await new Promise<void>((resolve, reject) =>
    process.stdout.write(`${lines.join('\n')}\n`, (error) => (error ? reject(error) : resolve())),
  );
}
