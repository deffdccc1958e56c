import type { Place, Quota, Verification } from '../clouds/gcp/places.ts';
import type { Preflight } from '../clouds/gcp/preflight.ts';
import type { Verdict } from '../objects/condition.ts';

/** Name of the role that is proposed for the provider in each project. */
const role = 'datumReconciler';

/** Ready: whether the place exists, and its project is set up. What is missing is said with the command that adds it. */
export function ready({ account, zone }: Place, verification: Verification, found?: Preflight): Verdict {
  if (!verification.ok)
    return { type: 'Ready', status: 'False', reason: verification.problem, message: verification.message };
  const { missingApis = [], missingPermissions = {} } = found ?? {};
  if (missingApis.length > 0) {
    const message = `Project ${account} has APIs off: gcloud services enable ${missingApis.join(' ')} --project ${account}`;
    return { type: 'Ready', status: 'False', reason: 'ApiNotEnabled', message };
  }
  const lacking = Object.values(missingPermissions).flat();
  if (lacking.length > 0) {
    const works = Object.entries(missingPermissions).map(([work, names]) => `${work} (${names.join(', ')})`);
    const message =
      `In project ${account} the provider lacks permissions for ${works.join('; ')}: ` +
      `gcloud iam roles update ${role} --project ${account} --add-permissions ${lacking.join(',')} (or create it, and ` +
      `gcloud projects add-iam-policy-binding ${account} --role projects/${account}/roles/${role} for the provider's account)`;
    return { type: 'Ready', status: 'False', reason: 'PermissionDenied', message };
  }
  return {
    type: 'Ready',
    status: 'True',
    reason: 'ProviderVerified',
    message: `Zone ${zone} of project ${account} can be used`,
  };
}

/** QuotaAvailable: whether machines still fit into the region, as far as Google tells. */
export function quotaAvailable({ account, region }: Place, quotas: readonly Quota[]): Verdict {
  const full = quotas.filter(({ usage, limit }) => usage >= limit);
  if (full.length === 0)
    return {
      type: 'QuotaAvailable',
      status: 'True',
      reason: 'QuotaAvailable',
      message: `No quota of region ${region} is used up`,
    };
  const told = full.map(({ metric, usage, limit }) => `${metric} ${usage} of ${limit}`).join(', ');
  return {
    type: 'QuotaAvailable',
    status: 'False',
    reason: 'QuotaExceeded',
    message: `Used up in region ${region} of project ${account}: ${told}; more can be asked for at https://console.cloud.google.com/iam-admin/quotas?project=${account}`,
  };
}
