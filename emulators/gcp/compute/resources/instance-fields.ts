import { fields } from '../fields.ts';

/** Fields of an instance that the emulator knows what to do with; `a.b` is a member of `a`. */
export const INSTANCE_WRITABLE: readonly string[] = [
  ...fields('name description machineType canIpForward deletionProtection hostname labels metadata tags scheduling'),
  ...fields('shieldedInstanceConfig serviceAccounts minCpuPlatform zone'),
  ...fields(
    'network subnetwork networkIP stackType nicType name kind ipv6Address internalIpv6PrefixLength',
    'networkInterfaces',
  ),
  ...fields('name type networkTier natIP kind', 'networkInterfaces.accessConfigs'),
  ...fields('name type networkTier kind', 'networkInterfaces.ipv6AccessConfigs'),
  ...fields('boot autoDelete deviceName type mode source interface diskSizeGb index kind', 'disks'),
  ...fields('diskName diskType diskSizeGb sourceImage labels description', 'disks.initializeParams'),
];
