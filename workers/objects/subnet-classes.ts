/** Class of the subnets whose addresses the cloud itself gives to the machines of groups. */
export const groupSubnetClass = 'groups';
