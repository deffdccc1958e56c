import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a program needs to use a running product; null for a part that does not run in this process. */
export interface Ready {
  readonly pid: number;
  /** `http://127.0.0.1:4000/graphql` */
  readonly graphql: string | null;
  /** `http://127.0.0.1:4000/` */
  readonly console: string | null;
  /** `https://127.0.0.1:6443` */
  readonly kubernetes: string | null;
  /** Origin of the GCP emulator. */
  readonly gcp: string | null;
  readonly gcpControl: string | null;
  /** Origin of metrics and health. */
  readonly metrics: string | null;
  /** Postgres URL. */
  readonly database: string;
  readonly token: string;
  /** Absolute path. */
  readonly kubeconfig: string | null;
}

const fileIn = (folder: string): string => join(folder, 'ready.json');

/** Says that the product is ready: appears whole or not at all, for the owner only. */
export function writeReady(folder: string, ready: Ready): void {
  const file = fileIn(folder);
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, `${JSON.stringify(ready, null, 2)}\n`, { mode: 0o600 });
  renameSync(fresh, file);
}

/** Says that the product is not ready, or no longer. */
export function removeReady(folder: string): void {
  rmSync(fileIn(folder), { force: true });
}
