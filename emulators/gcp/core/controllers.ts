import type { Database, ResourceRow } from './database.ts';

/** One of Google's own loops: it looks after a resource whenever something that concerns the resource has changed. */
export interface Controller {
  /** The resource to look after when this row has changed; undefined when it concerns none. */
  concerns(key: string, row: ResourceRow): string | undefined;
  /** Does what can be done now, inside a transaction. It must write nothing when there is nothing to do. */
  tick(key: string, atMs: number): void;
}

export interface Controllers {
  add(controller: Controller): void;
  /** Looks after all that needs it, until nothing does. */
  run(atMs: number): void;
}

/** More rounds than any honest change needs: a loop that never rests is a mistake of the emulator. */
const MAX_ROUNDS = 100_000;

export function createControllers(database: Database): Controllers {
  const loops: { readonly controller: Controller; readonly waiting: Set<string> }[] = [];
  const note = (key: string, row: ResourceRow) => {
    for (const { controller, waiting } of loops) {
      const concerned = controller.concerns(key, row);
      if (concerned !== undefined) waiting.add(concerned);
    }
  };
  database.onChange('resource', (key, before, after) => {
    if (before !== undefined) note(key, before);
    if (after !== undefined) note(key, after);
  });

  return {
    add: (controller) => void loops.push({ controller, waiting: new Set() }),
    run(atMs) {
      let rounds = 0;
      for (let busy = loops.find(({ waiting }) => waiting.size > 0); busy !== undefined;) {
        const { controller, waiting } = busy;
        const keys = [...waiting];
        waiting.clear();
        database.transaction(() => keys.forEach((key) => controller.tick(key, atMs)));
        if ((rounds += 1) > MAX_ROUNDS) throw new Error(`a controller does not come to rest over ${keys[0]}`);
        busy = loops.find((loop) => loop.waiting.size > 0);
      }
    },
  };
}
