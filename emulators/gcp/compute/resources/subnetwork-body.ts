import type { JsonObject } from '../../core/json.ts';
import { objectAt } from '../../core/json.ts';
import { formatIpv4 } from '../../net/cidr.ts';
import { withFingerprint } from '../rules.ts';
import { primaryRange } from './subnetwork-ranges.ts';

/** A subnetwork with the server's defaults; its range and its network's link are those of the body. */
export function subnetworkBody(body: JsonObject): JsonObject {
  return withFingerprint({
    privateIpGoogleAccess: false,
    privateIpv6GoogleAccess: 'DISABLE_GOOGLE_ACCESS',
    purpose: 'PRIVATE',
    stackType: 'IPV4_ONLY',
    enableFlowLogs: objectAt(body, 'logConfig')['enable'] === true,
    logConfig: { enable: body['enableFlowLogs'] === true },
    allowSubnetCidrRoutesOverlap: false,
    ...body,
    gatewayAddress: formatIpv4(primaryRange(body).first + 1),
  });
}
