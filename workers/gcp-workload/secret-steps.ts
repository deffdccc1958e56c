import type { CloudResource } from '../../store/cloud-resources.types.ts';
import type { Fault } from '../clouds/gcp/errors.ts';
import { addSecretVersion, grantAccess, maxSecretBytes } from '../clouds/gcp/secrets.ts';
import type { GcpDeps } from '../gcp-objects/deps.ts';
import { ensure, type Wanted } from '../gcp-objects/ensure.ts';
import { secretFacts } from '../gcp-objects/identity.ts';
import { failed } from '../gcp-objects/outcome.ts';
import type { Stage } from '../gcp-objects/stage.ts';
import { oldVersions } from './old-versions.ts';
import type { Readable } from './plan.ts';
import { step } from './steps.ts';

const tooLarge: Fault = {
  code: 'SecretTooLarge',
  class: 'spec',
  message: `the secret's values take more than the ${maxSecretBytes} bytes that Secret Manager keeps in one version`,
};

/**
 * The secret, its newest version and the grant to the machines' account. A version is added whenever the Kubernetes secret
 * was written since the last one: a hash of its content, kept to compare, would help those who guess.
 */
export async function ensureSecret(
  deps: GcpDeps,
  wanted: Wanted<'secretmanager.secrets'>,
  row: CloudResource | undefined,
  { source, payload: read, facts, email }: Pick<Readable, 'source' | 'payload' | 'facts'> & { readonly email: string },
): Promise<Stage> {
  let stage = await ensure(deps, wanted, row);
  if (stage.at === 'ready' && stage.row.facts[secretFacts.source] !== source) {
    const payload = read();
    if (payload.length > maxSecretBytes) return failed(deps, stage.row, tooLarge);
    stage = await step(deps, stage.row, async (current) => ({
      [secretFacts.version]: await addSecretVersion(deps.gcp, current, payload),
      [secretFacts.source]: source,
      ...facts,
      ...replaced(current),
    }));
  }
  if (stage.at === 'ready' && stage.row.facts[secretFacts.grantedTo] !== email) {
    stage = await step(deps, stage.row, async (current) => {
      await grantAccess(deps.gcp, current, email);
      return { [secretFacts.grantedTo]: email };
    });
  }
  return stage;
}

/** Notes the version that a new one takes the place of. */
function replaced(row: CloudResource): Record<string, string> {
  const version = row.facts[secretFacts.version];
  if (version === undefined) return {};
  const old = [...oldVersions(row), { version, replacedAtMs: Date.now(), disabled: false }];
  return { [secretFacts.old]: JSON.stringify(old) };
}
