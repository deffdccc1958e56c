import { stringsAt } from '../core/json.ts';
import type { World } from '../core/world.ts';

/** Name of the setting for a role that is not Google's; the control API writes it. */
export const ROLE = 'role/';

/** Permissions of Google's roles, as far as the emulator needs them; `*` stands for anything. */
const ROLES: Readonly<Record<string, readonly string[]>> = {
  'roles/owner': ['*'],
  'roles/editor': [
    'compute.*',
    'iam.serviceAccounts.*',
    'secretmanager.*',
    'monitoring.*',
    'resourcemanager.projects.get',
  ],
  'roles/viewer': ['*.get', '*.list', '*.getIamPolicy'],
  'roles/compute.admin': ['compute.*', 'resourcemanager.projects.get', 'serviceusage.services.get'],
  'roles/compute.networkAdmin': [
    'compute.networks.*',
    'compute.subnetworks.*',
    'compute.routes.*',
    'compute.addresses.*',
    'compute.globalAddresses.*',
    'compute.firewalls.get',
    'compute.firewalls.list',
  ],
  'roles/compute.securityAdmin': ['compute.firewalls.*', 'compute.networks.updatePolicy', 'compute.networks.get'],
  'roles/compute.viewer': ['compute.*.get', 'compute.*.list'],
  'roles/iam.serviceAccountAdmin': ['iam.serviceAccounts.*'],
  'roles/iam.serviceAccountCreator': [
    'iam.serviceAccounts.create',
    'iam.serviceAccounts.get',
    'iam.serviceAccounts.list',
  ],
  'roles/iam.serviceAccountTokenCreator': [
    'iam.serviceAccounts.getAccessToken',
    'iam.serviceAccounts.get',
    'iam.serviceAccounts.list',
  ],
  'roles/iam.serviceAccountUser': ['iam.serviceAccounts.actAs', 'iam.serviceAccounts.get', 'iam.serviceAccounts.list'],
  'roles/iam.workloadIdentityUser': ['iam.serviceAccounts.getAccessToken', 'iam.serviceAccounts.get'],
  'roles/monitoring.viewer': ['monitoring.*.get', 'monitoring.*.list'],
  'roles/secretmanager.admin': ['secretmanager.*'],
  'roles/secretmanager.secretAccessor': ['secretmanager.versions.access'],
  'roles/secretmanager.secretVersionAdder': ['secretmanager.versions.add'],
  'roles/secretmanager.secretVersionManager': [
    'secretmanager.versions.add',
    'secretmanager.versions.destroy',
    'secretmanager.versions.disable',
    'secretmanager.versions.enable',
    'secretmanager.versions.get',
    'secretmanager.versions.list',
  ],
  'roles/secretmanager.viewer': ['secretmanager.*.get', 'secretmanager.*.list', 'secretmanager.secrets.getIamPolicy'],
};

/** Whether a role holds a permission. A role that nobody has described holds none. */
export function roleHas(world: World, role: string, permission: string): boolean {
  const patterns = Object.hasOwn(ROLES, role)
    ? (ROLES[role] ?? [])
    : stringsAt(world.database.get('setting', ROLE + role) ?? {}, 'permissions');
  return patterns.some((pattern) => fits(pattern, permission));
}

/** `*` alone, at the start, at the end or in the middle stands for any text there. */
export function fits(pattern: string, permission: string): boolean {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === permission;
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)];
  const isLong = permission.length >= before.length + after.length;
  return isLong && permission.startsWith(before) && permission.endsWith(after);
}
