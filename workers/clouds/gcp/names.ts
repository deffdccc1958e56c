import { base32Hash, canonicalJson } from './hash.ts';

/**
 * Every name we give in the cloud. Each is made from uids and content alone, so that after a crash the same object is
 * found again; names.test.ts proves that none is longer or shaped otherwise than Google allows.
 */

export function networkName(networkUid: string): string {
  return `network-${networkUid}`;
}

export function subnetworkName(subnetUid: string): string {
  return `subnet-${subnetUid}`;
}

export function instanceName(instanceUid: string): string {
  return `instance-${instanceUid}`;
}

/** Named, because a disk that happens to have the machine's name would be attached instead of a new one. */
export function bootDiskName(instanceUid: string): string {
  return `instance-${instanceUid}-boot`;
}

/** A disk of an instance's place in its deployment, which the next instance in that place finds again. */
export function dataDiskName(deploymentUid: string, slot: string, volume: string): string {
  return `disk-${deploymentUid}-${base32Hash(`${slot}/${volume}`, 10)}`;
}

/** A reserved address of an interface of an instance's place in its deployment. */
export function addressName(deploymentUid: string, slot: string, interfaceIndex: number): string {
  return `address-${deploymentUid}-${base32Hash(`${slot}/${interfaceIndex}`, 10)}`;
}

/** Account id; 26 characters of base32 are 130 bits, so two workloads never share an identity. */
export function serviceAccountName(workloadUid: string): string {
  return `w-${base32Hash(workloadUid, 26)}`;
}

/** Email under which a service account of ours is known. */
export function serviceAccountEmail(account: string, name: string): string {
  // A domain-scoped project `example.com:app` writes its accounts as name@app.example.com.iam...
  const [domain, project] = account.includes(':') ? account.split(':') : ['', account];
  return `${name}@${project}${domain === '' ? '' : `.${domain}`}.iam.gserviceaccount.com`;
}

export function secretName(workloadUid: string, secretUid: string): string {
  return `secret-${workloadUid}-${base32Hash(secretUid, 10)}`;
}

/** The name follows the content: another rule is another firewall, and the same rule is the same one. */
export function firewallName(deploymentUid: string, content: unknown): string {
  return `deployment-${deploymentUid}-${base32Hash(canonicalJson(content), 10)}`;
}

/** The same for a firewall that follows the policies of a network. */
export function policyFirewallName(networkUid: string, content: unknown): string {
  return `network-${networkUid}-${base32Hash(canonicalJson(content), 10)}`;
}

/** The one tag of the machines on a network that the same policies select, with the same named ports. */
export function policyTag(networkUid: string, content: unknown): string {
  return `${policyTagPrefix(networkUid)}${base32Hash(canonicalJson(content), 26)}`;
}

/** Whether a tag is one that policies gave, of whichever network. */
export function isPolicyTag(tag: string): boolean {
  return tag.startsWith(anyPolicyTag);
}

const anyPolicyTag = 'policies-';

/** What all policy tags of a network begin with, and no other tag. */
export function policyTagPrefix(networkUid: string): string {
  return `${anyPolicyTag}${base32Hash(networkUid, 10)}-`;
}

export function workloadTag(workloadUid: string): string {
  return `workload-${workloadUid}`;
}

export function deploymentTag(deploymentUid: string): string {
  return `deployment-${deploymentUid}`;
}

/** The one tag that a firewall of an interface targets: tags are OR-ed, so a shared one would leak the rule. */
export function interfaceTag(deploymentUid: string, interfaceIndex: number): string {
  return `deployment-${deploymentUid}-net-${interfaceIndex}`;
}

/** The group of a deployment's machines, and its autoscaler. */
export function groupName(deploymentUid: string): string {
  return `deployment-${deploymentUid}`;
}

/** What the names of a group's machines begin with; Google adds a dash and four characters. */
export function groupMachineBase(deploymentUid: string): string {
  return `member-${deploymentUid}`;
}

/** The name follows the content, which cannot be changed. */
export function templateName(deploymentUid: string, content: unknown): string {
  return `deployment-${deploymentUid}-${base32Hash(canonicalJson(content), 10)}`;
}

/** Address and health check of a workload's gateway. */
export function gatewayName(workloadUid: string): string {
  return `gateway-${workloadUid}`;
}

/** Forwarding rule, proxy and backend service of the listener on a port. */
export function listenerName(workloadUid: string, port: number): string {
  return `gateway-${workloadUid}-${port}`;
}

/** The firewall that lets a gateway reach machines; its name follows its content. */
export function gatewayFirewallName(workloadUid: string, content: unknown): string {
  return `gateway-${workloadUid}-${base32Hash(canonicalJson(content), 10)}`;
}

/** A port of a deployment's machines in a subnet and zone. */
export function endpointGroupName(deploymentUid: string, content: unknown): string {
  return `gateway-${deploymentUid}-${base32Hash(canonicalJson(content), 10)}`;
}
