import type { Json } from '../core/json.ts';
import type { ApiErrorDetail } from './api-error.ts';
import { statusName } from './api-error.ts';

/** The Google APIs served here; their error envelopes differ. */
export type ApiName =
  | 'compute'
  | 'iam'
  | 'iamcredentials'
  | 'secretmanager'
  | 'cloudresourcemanager'
  | 'serviceusage'
  | 'monitoring'
  | 'sts';

/** Which API a path belongs to. `/v1/projects/…` and `/v3/projects/…` are shared; what follows separates them. */
export function apiOf(path: string): ApiName {
  if (path.startsWith('/v3/')) return path.includes('/timeSeries') ? 'monitoring' : 'cloudresourcemanager';
  if (path === '/v1/token') return 'sts';
  if (!path.startsWith('/v1/')) return 'compute';
  if (/^\/v1\/projects\/[^/]+\/secrets/.test(path)) return 'secretmanager';
  if (/^\/v1\/projects\/[^/]+\/services(\/|:|$)/.test(path)) return 'serviceusage';
  return /:generate[A-Z]\w*$/.test(path) ? 'iamcredentials' : 'iam';
}

/** The body of an error: Compute has no `status`, only Compute and IAM have `errors[]`, STS speaks OAuth. */
export function errorEnvelope(api: ApiName, detail: ApiErrorDetail): Json {
  const { httpStatus, message, reason, details, domain = 'global', help } = detail;
  if (api === 'sts' && httpStatus < 500) return { error: reason, error_description: message };
  const item = { message, domain, reason, ...(help === undefined ? {} : { extendedHelp: help }) };
  return {
    error: {
      code: httpStatus,
      message,
      ...(api === 'compute' || api === 'iam' ? { errors: [item] } : {}),
      ...(api === 'compute' ? {} : { status: statusName(detail) }),
      ...(details === undefined ? {} : { details }),
    },
  };
}
