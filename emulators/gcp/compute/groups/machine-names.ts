import { numberAt, stringAt } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { invalidValue } from '../../http/api-error.ts';
import { managedOf } from './managed.ts';

const SUFFIX = 'abcdefghijklmnopqrstuvwxyz0123456789';
const SUFFIX_LENGTH = 4;
const PLAIN = /^[a-z](?:[-a-z0-9]{0,57})$/;
const NUMBERED = /^([a-z](?:[-a-z0-9]{0,51})?)-(#{1,10})(?:\[(\d{1,10})\])?$/;

/** 400 unless machines of the group can be named after this. */
export function checkBaseName(base: string): void {
  if (PLAIN.test(base) || NUMBERED.test(base)) return;
  throw invalidValue('resource.baseInstanceName', base, `Must be a match of regex '${PLAIN.source}'`);
}

/**
 * A name that no machine of the group has: the base and four random characters, or, for a base such as `web-###` or
 * `web-###[5]`, the least number of so many digits that is free.
 */
export function freshName(world: World, managerKey: string): string {
  const base = stringAt(world.database.get('resource', managerKey)?.body ?? {}, 'baseInstanceName') ?? '';
  const taken = new Set(managedOf(world, managerKey).map(({ name }) => name));
  const [, stem, digits, from] = NUMBERED.exec(base) ?? [];
  if (stem === undefined || digits === undefined) return randomName(world, base, taken);
  for (let number = numberAt({ from }, 'from') ?? 1; ; number += 1) {
    const name = `${stem}-${String(number).padStart(digits.length, '0')}`;
    if (!taken.has(name)) return name;
  }
}

function randomName(world: World, base: string, taken: ReadonlySet<string>): string {
  for (;;) {
    let suffix = '';
    while (suffix.length < SUFFIX_LENGTH) suffix += SUFFIX[world.random.between(0, SUFFIX.length - 1)];
    if (!taken.has(`${base}-${suffix}`)) return `${base}-${suffix}`;
  }
}
