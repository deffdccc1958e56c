import { objectsAt } from '../../core/json.ts';
import type { World } from '../../core/world.ts';

/** Lets a machine know that one of its disks, by its link, has another size. */
export function withDiskSize(world: World, instanceKey: string, link: string, sizeGb: string): void {
  const row = world.database.get('resource', instanceKey);
  if (row?.type !== 'instances') return;
  const disks = objectsAt(row.body, 'disks').map((disk) =>
    disk['source'] === link ? { ...disk, diskSizeGb: sizeGb } : disk,
  );
  world.database.put('resource', instanceKey, { ...row, body: { ...row.body, disks } });
}
