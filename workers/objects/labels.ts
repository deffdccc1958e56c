/** Labels of the objects that controllers make; code finds objects by them and by owner, never by name. */
export const workloadUidLabel = 'compute.datumapis.com/workload-uid';
export const deploymentUidLabel = 'compute.datumapis.com/workload-deployment-uid';
/** Ordinal of an instance within its deployment. */
export const instanceIndexLabel = 'compute.datumapis.com/instance-index';
/** Which interface of the template a network binding is for. */
export const interfaceIndexLabel = 'compute.datumapis.com/network-interface-index';
/** The `<n>` in the name of a claim that deployments share. */
export const claimIndexLabel = 'networking.datumapis.com/subnet-claim-index';
/** Network whose address space a subnet takes its range from. */
export const networkUidLabel = 'networking.datumapis.com/network-uid';
/** On a subnet that was refused a range, so that freed space wakes exactly those; its value is `true`. */
export const waitingLabel = 'networking.datumapis.com/waiting-for-range';
/** Which template a revision of a workload holds. */
export const templateHashLabel = 'compute.datumapis.com/template-hash';
/** Machine of a group that an instance stands for; only instances of groups have it. */
export const groupMachineLabel = 'compute.datumapis.com/group-machine';
/** Annotation of an IPv6 subnet: name of the IPv4 subnet whose part of the cloud it shares. */
export const ipv4SubnetAnnotation = 'networking.datumapis.com/ipv4-subnet';
/** Annotation of a subnet: the range that the cloud chose for it, in the place of one of ours. */
export const assignedRangeAnnotation = 'networking.datumapis.com/assigned-range';
