import { isGcpError } from '../clouds/gcp/errors.ts';
import { retryDelayMs, retryPolicy } from '../clouds/gcp/retry.ts';
import { reasonOf } from '../gcp-objects/reasons.ts';
import type { MachineDeps } from './machine.ts';
import type { Missing } from './plan.ts';

/** The image that a source means now, or why that cannot be told. */
export async function resolvedImage(
  deps: Pick<MachineDeps, 'resolveImage' | 'retryPolicy'>,
  source: string,
): Promise<string | Missing> {
  try {
    return await deps.resolveImage(source);
  } catch (error) {
    if (!isGcpError(error)) throw error;
    const retryAfterMs = error.retryAfterMs ?? retryDelayMs(deps.retryPolicy ?? retryPolicy, error.fault.class, 1);
    return {
      reason: reasonOf({ ...error.fault }) ?? 'ProvisioningProviderInstance',
      message: `${source}: ${error.message}`,
      retryAfterMs,
    };
  }
}
