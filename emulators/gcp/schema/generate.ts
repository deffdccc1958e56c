import { writeFileSync } from 'node:fs';
import { schemaOf } from './from-protos.ts';
import { readProtoFiles } from './proto-files.ts';

/** The messages that requests carry. */
const ROOTS = [
  'AccessConfig',
  'Address',
  'AttachedDisk',
  'Autoscaler',
  'BackendService',
  'Disk',
  'DisksResizeRequest',
  'Firewall',
  'ForwardingRule',
  'GlobalSetLabelsRequest',
  'HealthCheck',
  'Instance',
  'InstanceGroup',
  'InstanceGroupManager',
  'InstanceGroupManagersAbandonInstancesRequest',
  'InstanceGroupManagersApplyUpdatesRequest',
  'InstanceGroupManagersCreateInstancesRequest',
  'InstanceGroupManagersDeleteInstancesRequest',
  'InstanceGroupManagersRecreateInstancesRequest',
  'InstanceGroupManagersSetInstanceTemplateRequest',
  'InstanceGroupsAddInstancesRequest',
  'InstanceGroupsListInstancesRequest',
  'InstanceGroupsRemoveInstancesRequest',
  'InstanceGroupsSetNamedPortsRequest',
  'InstanceTemplate',
  'InstancesSetLabelsRequest',
  'InstancesSetMachineTypeRequest',
  'InstancesSetMinCpuPlatformRequest',
  'InstancesSetServiceAccountRequest',
  'Metadata',
  'Network',
  'NetworkEndpointGroup',
  'NetworkEndpointGroupsAttachEndpointsRequest',
  'NetworkEndpointGroupsDetachEndpointsRequest',
  'NetworkEndpointGroupsListEndpointsRequest',
  'NetworkInterface',
  'RegionInstanceGroupManagersAbandonInstancesRequest',
  'RegionInstanceGroupManagersApplyUpdatesRequest',
  'RegionInstanceGroupManagersCreateInstancesRequest',
  'RegionInstanceGroupManagersDeleteInstancesRequest',
  'RegionInstanceGroupManagersRecreateRequest',
  'RegionInstanceGroupManagersSetTemplateRequest',
  'RegionInstanceGroupsListInstancesRequest',
  'RegionInstanceGroupsSetNamedPortsRequest',
  'RegionSetLabelsRequest',
  'ResourceGroupReference',
  'Route',
  'Scheduling',
  'Subnetwork',
  'SubnetworksExpandIpCidrRangeRequest',
  'SubnetworksSetPrivateIpGoogleAccessRequest',
  'Tags',
  'TargetReference',
  'TargetTcpProxiesSetBackendServiceRequest',
  'TargetTcpProxiesSetProxyHeaderRequest',
  'TargetTcpProxy',
  'ZoneSetLabelsRequest',
];

/** The text of `generated/compute.json`, made from Google's own description of its API. */
export function generateSchema(): string {
  return `${JSON.stringify(schemaOf(readProtoFiles(), ROOTS), undefined, 1)}\n`;
}

if (import.meta.main) writeFileSync(new URL('generated/compute.json', import.meta.url), generateSchema());
