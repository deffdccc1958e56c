import type { ApiName } from '../http/envelope.ts';
import type { LimitName } from './rate-limits.ts';

/** Where a call counts. */
export interface Bucket {
  readonly key: string;
  readonly limit: LimitName;
  /** As messages name them: `Read requests`. */
  readonly metric: string;
  readonly name: string;
}

/** The buckets that a call counts in: one, and one more for changes of one secret. */
export function bucketOf(api: ApiName, method: string, path: string, project: string): readonly Bucket[] {
  const isRead = method === 'GET' || /:(getIamPolicy|testIamPermissions|batchGet|access)$/.test(path);
  const kind = isRead ? 'Read requests' : 'Write requests';
  const bucket = (limit: LimitName, metric = kind, scope = ''): Bucket => ({
    key: `${project} ${limit} ${scope}`,
    limit,
    metric,
    name: metric,
  });
  switch (api) {
    case 'compute':
      return [computeBucket(path, isRead, bucket)];
    case 'iam':
    case 'iamcredentials':
      return [bucket(isRead ? 'iamReads' : 'iamWrites')];
    case 'secretmanager': {
      if (path.endsWith(':access')) return [bucket('secretAccesses', 'Access requests')];
      const secret = /\/secrets\/[^/:]+/.exec(path)?.[0];
      const isChange = secret !== undefined && (method === 'PATCH' || path.endsWith(':addVersion'));
      return [
        bucket(isRead ? 'secretReads' : 'secretWrites'),
        ...(isChange ? [bucket('secretChangesPerSecond', 'Secret changes', secret)] : []),
      ];
    }
    case 'cloudresourcemanager':
      return [bucket('projectReads')];
    case 'serviceusage':
      return [bucket('serviceReads')];
    case 'monitoring':
      return [bucket('monitoringReads')];
    case 'sts':
      return [];
  }
}

/** Zones count with their region. */
function computeBucket(
  path: string,
  isRead: boolean,
  bucket: (limit: LimitName, metric?: string, scope?: string) => Bucket,
): Bucket {
  if (/\/operations(\/|$)/.test(path)) return bucket('operationReads', 'Operation read requests');
  const [, kind, place = ''] = /\/(regions|zones)\/([^/]+)\//.exec(path) ?? [];
  if (kind === undefined) return bucket(isRead ? 'globalReads' : 'globalWrites');
  const region = kind === 'zones' ? place.slice(0, place.lastIndexOf('-')) : place;
  return bucket(isRead ? 'regionalReads' : 'regionalWrites', undefined, region);
}
