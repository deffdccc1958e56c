import type { ResourceRow } from '../../core/database.ts';
import type { JsonObject } from '../../core/json.ts';
import { stringAt } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { invalidValue, requiredField } from '../../http/api-error.ts';
import { linkTo, referredKeys } from '../references.ts';
import type { ComputeType, Target } from '../resource-type.ts';
import { checkNumber } from '../rules.ts';
import { oneInProject } from '../usage-of.ts';
import { attachNetworkEndpoints, detachNetworkEndpoints, listNetworkEndpoints } from './endpoints.ts';
import { liveEndpoints } from './live-endpoints.ts';

/** Zonal groups of endpoints: addresses and ports of machines, of any of their interfaces, or of something elsewhere. */
export const networkEndpointGroups: ComputeType = {
  collection: 'networkEndpointGroups',
  kind: 'compute#networkEndpointGroup',
  message: 'NetworkEndpointGroup',
  noun: 'network endpoint group',
  scopes: ['zone'],
  aggregated: true,
  visibleWhileCreating: false,
  latencyMs: { insert: [3_000, 10_000], delete: [3_000, 10_000] },
  outputOnly: ['size', 'zone', 'region'],
  indexedFields: ['network', 'subnetwork'],
  references: ({ body }) => referredKeys(body, 'network', 'subnetwork'),
  addresses: () => [],
  counted: { fields: [], usage: oneInProject('NETWORK_ENDPOINT_GROUPS') },
  insert: {
    writable: ['name', 'description', 'networkEndpointType', 'network', 'subnetwork', 'defaultPort', 'annotations'],
    prepare: (target, body) => ({ body: prepared(target, body) }),
  },
  mutations: [attachNetworkEndpoints, detachNetworkEndpoints],
  reads: [listNetworkEndpoints],
  delete: { inUse: 'at-call' },
  view: (world: World, _key: string, row: ResourceRow) => ({ ...row.body, size: liveEndpoints(world, row).length }),
};

function prepared(target: Target, body: JsonObject): JsonObject {
  const type = stringAt(body, 'networkEndpointType') ?? 'GCE_VM_IP_PORT';
  if (type !== 'GCE_VM_IP_PORT' && type !== 'NON_GCP_PRIVATE_IP_PORT') {
    const why = 'The GCP emulator has GCE_VM_IP_PORT and NON_GCP_PRIVATE_IP_PORT.';
    throw invalidValue('resource.networkEndpointType', type, why);
  }
  checkNumber(body, 'defaultPort', 1, 65_535);
  const network = stringAt(body, 'network');
  const subnetwork = stringAt(body, 'subnetwork');
  if (network === undefined) throw requiredField('resource.network');
  const links = { network: linkTo(target, network, 'resource.network', 'networks') };
  if (type === 'NON_GCP_PRIVATE_IP_PORT') {
    if (subnetwork === undefined) return { ...body, ...links, networkEndpointType: type };
    throw invalidValue('resource.subnetwork', subnetwork, `Does not go with ${type}.`);
  }
  if (subnetwork === undefined) throw requiredField('resource.subnetwork');
  const link = linkTo(target, subnetwork, 'resource.subnetwork', 'subnetworks');
  return { ...body, ...links, subnetwork: link, networkEndpointType: type };
}
