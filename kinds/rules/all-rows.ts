import { organizationRows, projectRows, resourceQuotaRows, serviceAccountRows } from './project.rows.ts';
import {
  configMapRows,
  controllerRevisionRows,
  eventRows,
  leaseRows,
  namespaceRows,
  occurrenceRows,
  secretRows,
} from './core.rows.ts';
import type { Fixture } from './fixture.ts';
import { gatewayRows } from './gateway.rows.ts';
import { conditionRows, metadataRows } from './metadata.rows.ts';
import { networkPolicyRows } from './network-policy.rows.ts';
import {
  locationRows,
  networkBindingRows,
  networkContextRows,
  networkRows,
  subnetClaimRows,
  subnetRows,
} from './networking.rows.ts';
import { clusterRoleBindingRows, clusterRoleRows, roleBindingRows, roleRows } from './rbac.rows.ts';
import type { Row } from './row.ts';
import { interfacePolicyRows, sandboxRows } from './sandbox.rows.ts';
import { machineRows, templateRows } from './template.rows.ts';
import { volumeRows } from './volume.rows.ts';
import { instanceRows, placementRows, workloadDeploymentRows } from './workload.rows.ts';

/** Every validation rule of every kind. */
export const allRows: Readonly<Record<Fixture, readonly Row[]>> = {
  Namespace: namespaceRows,
  Secret: secretRows,
  ConfigMap: [...metadataRows, ...configMapRows],
  Event: [...eventRows, ...occurrenceRows],
  Lease: leaseRows,
  ControllerRevision: controllerRevisionRows,
  Role: roleRows,
  ClusterRole: clusterRoleRows,
  RoleBinding: roleBindingRows,
  ClusterRoleBinding: clusterRoleBindingRows,
  ServiceAccount: serviceAccountRows,
  ResourceQuota: resourceQuotaRows,
  Organization: organizationRows,
  Project: projectRows,
  Location: locationRows,
  Network: [...networkRows, ...conditionRows()],
  NetworkContext: networkContextRows,
  NetworkBinding: networkBindingRows,
  NetworkPolicy: networkPolicyRows,
  SubnetClaim: subnetClaimRows,
  Subnet: subnetRows,
  Workload: [...placementRows, ...templateRows, ...machineRows, ...volumeRows],
  Sandbox: [...sandboxRows, ...interfacePolicyRows, ...gatewayRows],
  WorkloadDeployment: workloadDeploymentRows,
  Instance: instanceRows,
};
