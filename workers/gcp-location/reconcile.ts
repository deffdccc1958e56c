import type { Location } from '../../kinds/generated/types.ts';
import { isGcpError } from '../clouds/gcp/errors.ts';
import { verifyPlace } from '../clouds/gcp/places.ts';
import { preflight } from '../clouds/gcp/preflight.ts';
import { retryDelayMs, retryPolicy } from '../clouds/gcp/retry.ts';
import type { GcpDeps } from '../gcp-objects/deps.ts';
import { placeOf } from '../gcp-objects/location.ts';
import { supportedVerdicts, unsupportedPaths } from '../gcp-objects/not-yet.ts';
import { conditionOf } from '../objects/condition.ts';
import { isDeleting } from '../objects/owner.ts';
import { writeStatus } from '../objects/status.ts';
import { isByController, workerContext } from '../objects/worker-context.ts';
import { againAfter, type Controller, done, type Outcome, type ReconcileKey } from '../runtime/controller.ts';
import { quotaAvailable, ready } from './plan.ts';

const name = 'gcp-location';

/** How often a location is verified again: a project can be closed and a zone can go down. */
const verifiedForMs = 10 * 60_000;

/** Location Ready: whether its project, region and zone exist and may be used; and whether its quotas leave room. */
export function controller(deps: GcpDeps): Controller {
  return {
    name,
    kind: 'Location',
    concerns: (change) => !isByController(change),
    watches: [],
    writes: ['Ready', 'QuotaAvailable', 'Supported'].map((type) => `Location.status.conditions[${type}]`),
    reconcile: (key) => reconcile(deps, key),
  };
}

async function reconcile(deps: GcpDeps, key: ReconcileKey): Promise<Outcome> {
  const context = workerContext(name, key);
  const location: Location | undefined = await deps.store.get(context, 'Location', key);
  const place = placeOf(location, deps.locationClass);
  if (location === undefined || place === undefined || isDeleting(location)) return done;
  const policy = deps.retryPolicy ?? retryPolicy;
  const supported = supportedVerdicts(location, unsupportedPaths('Location', location));
  try {
    const verification = await verifyPlace(deps.gcp, place);
    const found = verification.ok ? await preflight(deps.gcp, place.account) : undefined;
    const verdict = ready(place, verification, found);
    const quotas = verification.ok ? [quotaAvailable(place, verification.quotas)] : [];
    await writeStatus(deps.store, context, 'Location', location, { verdicts: [verdict, ...quotas, ...supported] });
    return againAfter(verdict.status === 'True' ? verifiedForMs : retryDelayMs(policy, 'configuration', 1));
  } catch (error) {
    if (!isGcpError(error)) throw error;
    // What was known of the location stands; one of which nothing is known says why.
    const isKnown = conditionOf(location, 'Ready')?.status === 'True';
    const unreachable = ready(place, { ok: false, problem: 'ProviderUnreachable', message: error.message });
    await writeStatus(deps.store, context, 'Location', location, {
      verdicts: isKnown ? supported : [unreachable, ...supported],
    });
    return againAfter(error.retryAfterMs ?? retryDelayMs(policy, error.fault.class, 3));
  }
}
