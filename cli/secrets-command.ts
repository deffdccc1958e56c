import type { Config } from '../config.ts';
import { builtInRegistry } from '../kinds/registry.ts';
import { type RotationStep, rotateSecrets } from '../store/encryption/rotate.ts';
import { openSecretBox } from '../store/encryption/secret-box.ts';
import { createPool } from '../store/pool.ts';
import { databaseOf } from './database-of.ts';
import { openDataDir } from './data-dir.ts';
import { keyProviders } from './key-providers.ts';
import { StartError } from './start-error.ts';

const usage = `Usage:
  secrets rotate       wraps the data keys with the first secret key, and seals everything with a new data key`;

/** Rotates the keys of secrets while the product runs; the same call goes on with one that was cut short. Throws StartError. */
export async function secretsCommand(args: readonly string[], config: Config): Promise<void> {
  if (args.length !== 1 || args[0] !== 'rotate') throw new StartError(usage);
  const url = await databaseOf(config);
  const providers = await keyProviders(config, openDataDir(config.DATUM_DATA_DIR, false));
  const pool = createPool({ url, max: 2, name: 'datum secrets' });
  try {
    const box = await openSecretBox(pool, providers).catch((error: Error) => {
      throw new StartError(error.message);
    });
    const kinds = builtInRegistry()
      .all()
      .filter(({ sensitive }) => sensitive.length > 0);
    await rotateSecrets({ pool, box, kinds, providers }, report()).finally(() => box.close());
  } finally {
    await pool.end();
  }
}

/** Prints the steps of a rotation, and of its long ones what changed. */
function report(): (step: RotationStep) => void {
  let last = '';
  return (step) => {
    const line = lineOf(step);
    if (line !== last) console.log(line);
    last = line;
  };
}

function lineOf(step: RotationStep): string {
  switch (step.step) {
    case 'wrapped':
      return `${step.keys} data keys wrapped with the first secret key`;
    case 'switching':
      return `data key ${step.keyId} ${step.resumed ? 'goes on' : 'begins'} to seal${step.waitMs > 0 ? ` in ${Math.ceil(step.waitMs / 1000)} s` : ''}`;
    case 'sealing':
      return `${step.what}: ${step.seen} read, ${step.resealed} sealed anew`;
    case 'done':
      return `done; the product deletes ${step.retired.length} old data keys in ${Math.ceil(step.deletedAfterMs / 60_000)} minutes`;
  }
}
