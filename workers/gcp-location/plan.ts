import type { Place, Verification } from '../clouds/gcp/places.ts';
import type { Verdict } from '../objects/condition.ts';

export function ready({ account, zone }: Place, verification: Verification): Verdict {
  if (verification.ok)
    return {
      type: 'Ready',
      status: 'True',
      reason: 'ProviderVerified',
      message: `Zone ${zone} of project ${account} can be used`,
    };
  return { type: 'Ready', status: 'False', reason: verification.problem, message: verification.message };
}
