import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Controller } from './controller.ts';

const workersFolder = join(import.meta.dirname, '..');

interface ReconcileModule<Deps> {
  readonly controller?: (deps: Deps) => Controller | readonly Controller[];
}

/**
 * The controllers of every folder with a `reconcile.ts`, made with `deps`, by name. The folder list is the registry. Throws
 * when a file has no export `controller`.
 */
export async function discoverControllers<Deps>(deps: Deps, folder: string = workersFolder): Promise<Controller[]> {
  const files = (await Array.fromAsync(glob('*/reconcile.ts', { cwd: folder }))).toSorted();
  const made = await Promise.all(
    files.map(async (file) => {
      const { controller } = (await import(pathToFileURL(join(folder, file)).href)) as ReconcileModule<Deps>;
      if (controller === undefined) throw new Error(`workers/${file} exports no controller`);
      return controller(deps);
    }),
  );
  return made.flat();
}
