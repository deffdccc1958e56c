/** Buckets that Google counts calls in; each exists once per project (per region for regional ones). */
type Family =
  | 'globalReads'
  | 'globalWrites'
  | 'regionalReads'
  | 'regionalWrites'
  | 'operationReads'
  | 'iamReads'
  | 'iamWrites'
  | 'secretReads'
  | 'secretWrites'
  | 'monitoringReads'
  | 'managementReads';

/** Calls per minute and bucket. */
export type Limits = Readonly<Record<Family, number>>;

/** 60 % of what Google grants a project by default, which leaves room for others who use the project. */
export const defaultLimits: Limits = {
  globalReads: 900,
  globalWrites: 900,
  regionalReads: 900,
  regionalWrites: 900,
  operationReads: 900,
  iamReads: 3_600,
  iamWrites: 360,
  secretReads: 360,
  secretWrites: 360,
  monitoringReads: 600,
  managementReads: 120,
};

/** For clouds that do not count, such as an emulator without quotas. */
export const noLimits: Limits = {
  globalReads: Infinity,
  globalWrites: Infinity,
  regionalReads: Infinity,
  regionalWrites: Infinity,
  operationReads: Infinity,
  iamReads: Infinity,
  iamWrites: Infinity,
  secretReads: Infinity,
  secretWrites: Infinity,
  monitoringReads: Infinity,
  managementReads: Infinity,
};

/** The bucket that a call counts in. */
export interface Bucket {
  readonly key: string;
  readonly family: Family;
}

const computePath = /^\/compute\/v1\/projects\/([^/]+)(?:\/(global|regions\/[^/]+|zones\/[^/]+)(\/operations)?)?/;
const monitoringPath = /^\/v3\/projects\/([^/]+)\/timeSeries/;
/** What a project is and may be asked: Resource Manager and Service Usage. */
const managementPath = /^\/v[13]\/projects\/([^/:]+)(?::testIamPermissions$|\/services)/;
const projectPath = /^\/v1\/projects\/([^/]+)\/(serviceAccounts|secrets)/;

/** Bucket of a call, from its method and the path of its URL. Zones count with their region. */
export function bucketOf(method: string, path: string): Bucket {
  const monitored = monitoringPath.exec(path)?.[1];
  if (monitored !== undefined) return { key: `${monitored} monitoringReads`, family: 'monitoringReads' };
  const managed = managementPath.exec(path)?.[1];
  if (managed !== undefined) return { key: `${managed} managementReads`, family: 'managementReads' };
  const compute = computePath.exec(path);
  const other = compute === null ? projectPath.exec(path) : null;
  const account = compute?.[1] ?? other?.[1] ?? '-';
  const verb = method === 'GET' || path.endsWith(':getIamPolicy') ? 'Reads' : 'Writes';
  if (other !== null) {
    const family = other[2] === 'serviceAccounts' ? (`iam${verb}` as const) : (`secret${verb}` as const);
    return { key: `${account} ${family}`, family };
  }
  const scope = compute?.[2] ?? 'global';
  if (compute?.[3] !== undefined) return { key: `${account} operationReads`, family: 'operationReads' };
  if (scope === 'global') return { key: `${account} global${verb}`, family: `global${verb}` };
  return { key: `${account} ${regionOf(scope)} ${verb}`, family: `regional${verb}` };
}

/** What fails together: a service of a project, such as `acme-edge compute`. */
export function circuitOf({ key, family }: Bucket): string {
  const account = key.slice(0, key.indexOf(' '));
  return `${account} ${services[/^(iam|secret|monitoring|management)/.exec(family)?.[0] ?? ''] ?? 'compute'}`;
}

const services: Readonly<Record<string, string>> = {
  iam: 'iam',
  secret: 'secretmanager',
  monitoring: 'monitoring',
  management: 'management',
};

function regionOf(scope: string): string {
  const name = scope.slice(scope.indexOf('/') + 1);
  return scope.startsWith('zones/') ? name.replace(/-[a-z]$/, '') : name;
}
