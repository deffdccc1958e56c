import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Ready } from '../../cli/ready-file.ts';
import { launch, type Launched, untilReady } from './launch.ts';

/** A process of the product that is ready. */
export interface ProductProcess extends Launched {
  readonly ready: Ready;
}

export interface ProductOptions {
  /** Folder to use again; a new one is made, and removed with the test, by default. */
  readonly dataDir?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A folder for data that is removed when the running test ends. */
export function temporaryDataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'datum-product-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'data');
}

/** Starts the product on free ports and waits until it is ready; it is stopped when the running test ends. */
export async function startProductProcess(options: ProductOptions = {}): Promise<ProductProcess> {
  const launched = launch(options.dataDir ?? temporaryDataDir(), options.env);
  onTestFinished(() => launched.stop().then(() => undefined));
  return { ...launched, ready: await untilReady(launched) };
}

/** Starts the product and waits until it has ended by itself. */
export async function runToEnd(options: ProductOptions = {}): Promise<{ code: number | null; output: string }> {
  const launched = launch(options.dataDir ?? temporaryDataDir(), options.env);
  return { code: await launched.ended, output: launched.output() };
}
