import { field } from './print.ts';

/** Root field that finds who has an address, of the subgraph that knows every kind. */
export const addressQueries = [
  field(
    'whoHas(address: String!): [AddressHolder!]!',
    'The networks in whose range an IPv4 or IPv6 address lies: first those where an instance has it. At most 200, and only those that the caller may get.',
  ),
];

/** Types of that field. */
export const addressTypes = /* GraphQL */ `
  "What one network knows of an address."
  type AddressHolder {
    network: Network
    "Range of the network, CIDR."
    range: String!
    "Null where no subnet has the address, or none that the caller may get."
    subnet: Subnet
    "Range of the subnet, CIDR."
    subnetRange: String
    "Null where no instance has the address, or none that the caller may get."
    instance: Instance
    "Which interface of the instance, from 0."
    interface: Int
    "Null where the caller may not get the subnet."
    state: AddressState
  }

  enum AddressState {
    "In the network, but in no subnet."
    UNASSIGNED
    "In a subnet, for the cloud's own use."
    RESERVED
    "In a subnet, and nobody has it."
    FREE
    "An interface has it."
    ALLOCATED
  }
`;

/** Whether things may be made in a cloud for objects of a kind. */
export function hasCloudResources({ area }: { readonly area: string }): boolean {
  return area !== 'core';
}

/** Field of every object that may have something made for it in a cloud. */
export const cloudResourcesField = field(
  'cloudResources: [CloudResource!]!',
  'What was made in a cloud for this object, is being made or is being removed, with the last operation of each; for those who may get the object.',
);

/** Types of that field, in every subgraph that has it. */
export const cloudResourceTypes = /* GraphQL */ `"One object in a cloud."
type CloudResource @shareable {
  "${'`gcp`'}."
  cloud: String!
  "Project of the cloud."
  account: String!
  "${'`global`, `regions/us-south1` or `zones/us-south1-a`'}."
  scope: String!
  "Such as ${'`compute.instances`'}."
  type: String!
  name: String!
  "Id in the cloud, once it is known."
  targetId: String
  state: CloudResourceState!
  "What was done last, or is under way."
  verb: CloudVerb!
  "The operation that is under way."
  operation: String
  "When that was planned."
  plannedAt: Time!
  "How often it was tried without success."
  attempts: Int!
  "When it is tried again."
  retryAt: Time
  "What went wrong last."
  error: CloudError
  "Page of the object in the cloud's own console."
  url: String
}

enum CloudResourceState {
  "Written down, and not yet asked for."
  planned
  "The cloud is at it."
  running
  ready
  failed
  gone
}

enum CloudVerb {
  insert
  patch
  delete
  "Nothing is to be done."
  none
}

"What a cloud said when it did not do something."
type CloudError @shareable {
  code: String!
  "What kind of error it is: ${'`quota`, `conflict`'} and so on."
  class: String!
  message: String!
}
`;
