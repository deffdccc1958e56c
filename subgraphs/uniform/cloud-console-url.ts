import type { CloudResource } from '../../store/cloud-resources.types.ts';

type Place = Pick<CloudResource, 'account' | 'name'> & {
  /** The zone or region; empty for what is global. */
  readonly place: string;
};

/** Pages of Google's console by type of object. */
const pages: Readonly<Record<string, (place: Place) => string>> = {
  'compute.networks': ({ name }) => `networking/networks/details/${name}`,
  'compute.subnetworks': ({ place, name }) => `networking/subnetworks/details/${place}/${name}`,
  'compute.firewalls': ({ name }) => `networking/firewalls/details/${name}`,
  'compute.instances': ({ place, name }) => `compute/instancesDetail/zones/${place}/instances/${name}`,
  'compute.instanceTemplates': ({ name }) => `compute/instanceTemplates/details/${name}`,
  'compute.instanceGroupManagers': ({ place, name }) => `compute/instanceGroups/details/${place}/${name}`,
  'compute.networkEndpointGroups': ({ place, name }) => `compute/networkendpointgroups/details/${place}/${name}`,
  'compute.healthChecks': ({ name }) => `compute/healthChecks/details/${name}`,
  'iam.serviceAccounts': ({ account, name }) =>
    `iam-admin/serviceaccounts/details/${name}@${account}.iam.gserviceaccount.com`,
  'secretmanager.secrets': ({ name }) => `security/secret-manager/secret/${name}/versions`,
};

/** Page of an object in its cloud's own console; undefined where there is none, and for what is gone. */
export function cloudConsoleUrl({
  cloud,
  account,
  scope,
  type,
  name,
  state,
}: Pick<CloudResource, 'cloud' | 'account' | 'scope' | 'type' | 'name' | 'state'>): string | undefined {
  if (cloud !== 'gcp' || state === 'gone' || !Object.hasOwn(pages, type)) return undefined;
  const [, place = ''] = scope.split('/').map(encodeURIComponent);
  const page = pages[type]?.({ account, place, name: encodeURIComponent(name) });
  return `https://console.cloud.google.com/${page}?project=${encodeURIComponent(account)}`;
}
