import { addresses } from './addresses.ts';
import { backendServices } from './balancing/backend-services.ts';
import { networkEndpointGroups } from './balancing/endpoint-groups.ts';
import { globalForwardingRules } from './balancing/forwarding-rules.ts';
import { globalAddresses } from './balancing/global-addresses.ts';
import { healthChecks } from './balancing/health-checks.ts';
import { targetTcpProxies } from './balancing/tcp-proxies.ts';
import { disks } from './disks.ts';
import { firewalls } from './firewalls.ts';
import { autoscalers } from './groups/autoscalers.ts';
import { instanceGroupManagers } from './groups/managers.ts';
import { instanceTemplates } from './groups/templates.ts';
import { instances } from './instances.ts';
import { networks } from './networks.ts';
import { secrets } from './secrets.ts';
import { serviceAccounts } from './service-accounts.ts';
import { subnetworks } from './subnetworks.ts';

/** Every type of object that we make in Google Cloud, by the name it is recorded under. */
export const cloudTypes = {
  'compute.networks': networks,
  'compute.subnetworks': subnetworks,
  'compute.firewalls': firewalls,
  'compute.addresses': addresses,
  'compute.disks': disks,
  'compute.instances': instances,
  'compute.instanceTemplates': instanceTemplates,
  'compute.instanceGroupManagers': instanceGroupManagers,
  'compute.autoscalers': autoscalers,
  'compute.globalAddresses': globalAddresses,
  'compute.healthChecks': healthChecks,
  'compute.networkEndpointGroups': networkEndpointGroups,
  'compute.backendServices': backendServices,
  'compute.targetTcpProxies': targetTcpProxies,
  'compute.globalForwardingRules': globalForwardingRules,
  'iam.serviceAccounts': serviceAccounts,
  'secretmanager.secrets': secrets,
};

export type CloudType = keyof typeof cloudTypes;

/** What each type is made from. */
export type CloudBody<T extends CloudType> = Parameters<(typeof cloudTypes)[T]['insert']>[2];
