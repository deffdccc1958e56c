import type { Secret } from '../../kinds/generated/types.ts';
import { isStoreError } from '../../store/errors.ts';
import type { Change, Store } from '../../store/types.ts';
import { deleteExisting } from '../objects/delete-existing.ts';
import { isDeleting } from '../objects/owner.ts';
import { workerContext } from '../objects/worker-context.ts';
import { type Controller, done, type MappedKey, type Outcome, type ReconcileKey } from '../runtime/controller.ts';
import type { ServiceAccountTokenDeps } from './deps.ts';
import { accountNameOf, isOrphan, missingIn, tokenSecretType } from './plan.ts';

const name = 'service-account-token';

/** Fills Secrets that ask for a token of a service account, and deletes them with it. */
export function controller(deps: ServiceAccountTokenDeps): Controller {
  return {
    name,
    kind: 'Secret',
    concerns: ({ object }) => accountNameOf(object as unknown as Secret) !== undefined,
    watches: [{ kind: 'ServiceAccount', via: 'map', map: secretsOfAccount }],
    writes: ['Secret.data', 'Secret.metadata.annotations'],
    reconcile: (key) => reconcile(deps, key),
  };
}

/** An account matters to its Secrets when it comes, and when it goes. */
async function secretsOfAccount({ type, project, key }: Change, store: Store): Promise<readonly MappedKey[]> {
  if (type === 'MODIFIED') return [];
  const { items } = await store.list(workerContext(name, { project }), 'Secret', {
    namespace: key.namespace,
    fieldSelector: `type=${tokenSecretType}`,
  });
  return items
    .filter((secret) => accountNameOf(secret) === key.name)
    .map(({ metadata }) => ({ namespace: key.namespace, name: metadata.name }));
}

async function reconcile(deps: ServiceAccountTokenDeps, key: ReconcileKey): Promise<Outcome> {
  const { store, signKey, apiAuthority } = deps;
  const context = workerContext(name, key);
  const secret = await store.get(context, 'Secret', key);
  const accountName = secret && accountNameOf(secret);
  if (secret === undefined || accountName === undefined || isDeleting(secret)) return done;
  const account = await store.get(context, 'ServiceAccount', { namespace: key.namespace, name: accountName });
  if (isOrphan(secret, account)) {
    await deleteExisting(store, context, secret);
    return done;
  }
  const missing = account && missingIn(secret, account, apiAuthority);
  // Nobody can fill what its owner has closed.
  if (account === undefined || missing === undefined || secret.immutable === true) return done;
  const token = missing.needsToken ? await signKey(key.project, account, secret) : '';
  const { uid, resourceVersion = '' } = secret.metadata;
  try {
    await store.update(context, 'Secret', key, (current) => missing.fill(current, token), {
      uid,
      ifMatch: resourceVersion,
    });
  } catch (error) {
    // Whoever came first wakes this again.
    if (!isStoreError(error, 'NotFound') && !isStoreError(error, 'Conflict')) throw error;
  }
  return done;
}
