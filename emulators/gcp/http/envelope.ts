import type { Json } from '../core/json.ts';
import type { ApiErrorDetail } from './api-error.ts';
import { statusName } from './api-error.ts';

/** The Google APIs served here; their error envelopes differ. */
export type ApiName = 'compute' | 'iam' | 'secretmanager' | 'cloudresourcemanager';

/** Which API a path belongs to. Only `/v1/projects/…` is shared, and the next segment separates it. */
export function apiOf(path: string): ApiName {
  if (path.startsWith('/v3/')) return 'cloudresourcemanager';
  if (!path.startsWith('/v1/')) return 'compute';
  return /^\/v1\/projects\/[^/]+\/secrets/.test(path) ? 'secretmanager' : 'iam';
}

/** The body of an error: Compute has no `status`, Secret Manager and Resource Manager have no `errors[]`. */
export function errorEnvelope(api: ApiName, detail: ApiErrorDetail): Json {
  const { httpStatus, message, reason, details } = detail;
  return {
    error: {
      code: httpStatus,
      message,
      ...(api === 'compute' || api === 'iam' ? { errors: [{ message, domain: 'global', reason }] } : {}),
      ...(api === 'compute' ? {} : { status: statusName(detail) }),
      ...(details === undefined ? {} : { details }),
    },
  };
}
