import type { Controller } from './controller.ts';

/** Throws when two controllers have one name, or claim one field of status or a field inside another's. */
export function checkClaims(controllers: readonly Controller[]): void {
  const names = new Set<string>();
  const claims: { readonly path: string; readonly by: string }[] = [];
  for (const { name, writes } of controllers) {
    if (names.has(name)) throw new Error(`Two controllers are named ${name}`);
    names.add(name);
    for (const path of writes) {
      const other = claims.find((claim) => holds(claim.path, path) || holds(path, claim.path));
      if (other !== undefined)
        throw new Error(
          `${path} is written by ${name}, and ${other.path} by ${other.by}: each field of status has one writer`,
        );
      claims.push({ path, by: name });
    }
  }
}

/** Whether a path is another or leads to it. `conditions[Available]` holds `conditions[Available:NoLocations]`. */
function holds(outer: string, inner: string): boolean {
  const open = outer.replace(/\]$/, '');
  return (
    outer === inner || inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`) || inner.startsWith(`${open}:`)
  );
}
