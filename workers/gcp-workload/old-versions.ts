import type { CloudResource } from '../../store/cloud-resources.types.ts';
import { isGcpError } from '../clouds/gcp/errors.ts';
import { destroySecretVersion, disableSecretVersion } from '../clouds/gcp/secrets.ts';
import type { GcpDeps, SecretGrace } from '../gcp-objects/deps.ts';
import { secretFacts } from '../gcp-objects/identity.ts';

/** A version that a newer one took the place of. */
export interface OldVersion {
  readonly version: string;
  /** Epoch ms. */
  readonly replacedAtMs: number;
  readonly disabled: boolean;
}

/** Long enough for machines that are told late, and for going back by hand. */
const standardGrace: SecretGrace = { disableAfterMs: 60 * 60_000, destroyAfterMs: 24 * 60 * 60_000 };

/** The old versions that a secret's row tells of. */
export function oldVersions({ facts }: CloudResource): OldVersion[] {
  // Written by ourselves.
  return JSON.parse(facts[secretFacts.old] || '[]') as OldVersion[];
}

/** What is to be done with an old version at `nowMs`. */
export function retirement(
  { replacedAtMs, disabled }: OldVersion,
  nowMs: number,
  { disableAfterMs, destroyAfterMs }: SecretGrace,
): 'keep' | 'disable' | 'destroy' {
  const ageMs = nowMs - replacedAtMs;
  if (ageMs >= destroyAfterMs) return 'destroy';
  return ageMs >= disableAfterMs && !disabled ? 'disable' : 'keep';
}

/**
 * Disables old versions after a grace and destroys them after another. Answers the row, and in how many milliseconds there
 * is something to do again, if ever. What Google refuses is tried again.
 */
export async function retireVersions(
  deps: GcpDeps,
  row: CloudResource,
  nowMs = Date.now(),
): Promise<{ readonly row: CloudResource; readonly againAfterMs: number | undefined }> {
  const grace = deps.secretGrace ?? standardGrace;
  const before = oldVersions(row);
  const left: OldVersion[] = [];
  for (const old of before) {
    const what = retirement(old, nowMs, grace);
    try {
      if (what === 'disable') await disableSecretVersion(deps.gcp, row, old.version);
      if (what === 'destroy') await destroySecretVersion(deps.gcp, row, old.version);
    } catch (error) {
      if (!isGcpError(error)) throw error;
      left.push(old);
      continue;
    }
    if (what !== 'destroy') left.push({ ...old, disabled: old.disabled || what === 'disable' });
  }
  const dueMs = left.map(
    ({ disabled, replacedAtMs }) => replacedAtMs + (disabled ? grace.destroyAfterMs : grace.disableAfterMs) - nowMs,
  );
  const againAfterMs = dueMs.length === 0 ? undefined : Math.max(retryMs, Math.min(...dueMs));
  const text = JSON.stringify(left);
  if (text === JSON.stringify(before)) return { row, againAfterMs };
  const written = await deps.cloudResources.record(row.requestId, {
    state: 'ready',
    facts: { [secretFacts.old]: text },
  });
  return { row: written ?? row, againAfterMs };
}

const retryMs = 1_000;
