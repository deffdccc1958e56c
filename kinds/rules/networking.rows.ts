import { forbidden, invalid, required, row, typeInvalid, type Row } from './row.ts';

/** Location. */
export const locationRows: readonly Row[] = [
  required({ spec: undefined }, 'spec'),
  required({ 'spec.locationClassName': undefined }, 'spec.locationClassName'),
  row(
    { 'spec.locationClassName': 'x' },
    'spec.locationClassName',
    'FieldValueNotSupported',
    'Unsupported value: "x": supported values: "datum-managed", "self-managed"',
  ),
  required({ 'spec.topology': undefined }, 'spec.topology'),
  required({ 'spec.provider': undefined }, 'spec.provider'),
  required({ 'spec.provider': {} }, 'spec.provider', ': gcp must be set'),
  required({ 'spec.provider.gcp.projectId': undefined }, 'spec.provider.gcp.projectId'),
  required({ 'spec.provider.gcp.region': undefined }, 'spec.provider.gcp.region'),
  required({ 'spec.provider.gcp.zone': undefined }, 'spec.provider.gcp.zone'),
];

/** Network, beside conditions. */
export const networkRows: readonly Row[] = [
  required({ 'spec.ipam': undefined }, 'spec.ipam'),
  required({ 'spec.ipam.mode': null }, 'spec.ipam.mode'),
  row(
    { 'spec.ipam.mode': 'Nope' },
    'spec.ipam.mode',
    'FieldValueNotSupported',
    'Unsupported value: "Nope": supported values: "Auto", "Policy"',
  ),
  typeInvalid(
    { 'spec.ipam.ipv4Range': 'x' },
    'spec.ipam.ipv4Range',
    '"x": spec.ipam.ipv4Range in body must be of type cidr: "x"',
  ),
  typeInvalid(
    { 'spec.ipam.ipv4Range': '10.0.0.0/33' },
    'spec.ipam.ipv4Range',
    '"10.0.0.0/33": spec.ipam.ipv4Range in body must be of type cidr',
  ),
  invalid(
    { 'spec.ipam.ipv4Range': '10.0.0.1/8' },
    'spec.ipam.ipv4Range',
    '"10.0.0.1/8": must not have bits set beyond the prefix length: 10.0.0.0/8',
  ),
  invalid({ 'spec.ipam.ipv4Range': 'fd20::/48' }, 'spec.ipam.ipv4Range', '"fd20::/48": must be an IPv4 range'),
  invalid({ 'spec.ipam.ipv6Range': '10.0.0.0/8' }, 'spec.ipam.ipv6Range', '"10.0.0.0/8": must be an IPv6 range'),
  invalid(
    { 'spec.ipam.ipv6Range': 'fd20::1/48' },
    'spec.ipam.ipv6Range',
    '"fd20::1/48": must not have bits set beyond the prefix length: fd20::/48',
  ),
  row(
    { 'spec.ipFamilies': ['IPX'] },
    'spec.ipFamilies[0]',
    'FieldValueNotSupported',
    'Unsupported value: "IPX": supported values: "IPv4", "IPv6"',
  ),
  row({ 'spec.ipFamilies': ['IPv4', 'IPv4'] }, 'spec.ipFamilies[1]', 'FieldValueDuplicate', 'Duplicate value: "IPv4"'),
  invalid({ 'spec.mtu': 1299 }, 'spec.mtu', '1299: spec.mtu in body should be greater than or equal to 1300'),
  invalid({ 'spec.mtu': 8857 }, 'spec.mtu', '8857: spec.mtu in body should be less than or equal to 8856'),
  typeInvalid({ 'spec.mtu': '1500' }, 'spec.mtu', '"string": spec.mtu in body must be of type integer: "string"'),
  invalid({ 'spec.ipv6Access': 'External' }, 'spec.ipv6Access', '"External": ipv6Access is immutable', {}),
  forbidden({ 'spec.ipFamilies': ['IPv4'] }, 'spec.ipFamilies', 'a family that the network has cannot be taken away', {
    'spec.ipFamilies': ['IPv4', 'IPv6'],
    'status.conditions': [
      { type: 'Ready', status: 'True', reason: 'Ready', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' },
    ],
  }),
];

/** NetworkContext. */
export const networkContextRows: readonly Row[] = [
  required({ 'spec.network': undefined }, 'spec.network'),
  required({ 'spec.network.name': undefined }, 'spec.network.name'),
  required({ 'spec.location.name': undefined }, 'spec.location.name'),
  required({ 'spec.location.namespace': undefined }, 'spec.location.namespace'),
  invalid({ 'spec.network.name': 'other' }, 'spec.network', '"object": network is immutable', {}),
  invalid({ 'spec.location.name': 'other' }, 'spec.location', '"object": location is immutable', {}),
];

/** NetworkBinding. */
export const networkBindingRows: readonly Row[] = [
  required({ 'spec.network': undefined }, 'spec.network'),
  required({ 'spec.location': undefined }, 'spec.location'),
  invalid({ 'spec.network.namespace': 'other' }, 'spec.network', '"object": network is immutable', {}),
  invalid({ 'spec.location.name': 'other' }, 'spec.location', '"object": location is immutable', {}),
];

/** SubnetClaim. */
export const subnetClaimRows: readonly Row[] = [
  ...rangeRows(),
  required({ 'spec.ipFamily': undefined }, 'spec.ipFamily'),
  required({ 'spec.location': undefined }, 'spec.location'),
  row(
    { 'spec.ipFamily': 'IPv5' },
    'spec.ipFamily',
    'FieldValueNotSupported',
    'Unsupported value: "IPv5": supported values: "IPv4", "IPv6"',
  ),
  forbidden({ 'spec.subnetClass': 'other' }, 'spec', 'may not change after the claim got its subnet', {
    'status.subnetRef.name': 's',
  }),
  forbidden({ 'spec.prefixLength': 24 }, 'spec.prefixLength', 'a range that is allocated only grows, and it is 10.0.', {
    'status.subnetRef.name': 's',
    'status.startAddress': '10.0.1.0',
    'status.prefixLength': 23,
  }),
  forbidden({ 'spec.prefixLength': 20 }, 'spec.prefixLength', 'Subnet s was not made for the claim: grow the subnet', {
    'status.subnetRef.name': 's',
    'status.startAddress': '10.0.1.0',
    'status.prefixLength': 23,
  }),
];

/** Subnet. */
export const subnetRows: readonly Row[] = [
  ...rangeRows(),
  required({ 'spec.startAddress': '10.0.0.0' }, 'spec.prefixLength', ': startAddress needs it'),
  invalid({ 'spec.subnetClass': 'other' }, 'spec.subnetClass', '"string": subnetClass is immutable', {}),
  invalid({ 'spec.networkContext.name': 'other' }, 'spec.networkContext', '"object": networkContext is immutable', {}),
  invalid({ 'spec.location.name': 'other' }, 'spec.location', '"object": location is immutable', {}),
  invalid({ 'spec.ipFamily': 'IPv6' }, 'spec.ipFamily', '"string": ipFamily is immutable', {}),
  forbidden({ 'spec.prefixLength': 24 }, 'spec.prefixLength', 'a range that is allocated only grows, and it is 10.0.', {
    'status.startAddress': '10.0.1.0',
    'status.prefixLength': 23,
  }),
  forbidden({ 'spec.prefixLength': undefined }, 'spec.prefixLength', 'may not change after the range was allocated', {
    'spec.prefixLength': 24,
    'status.startAddress': '10.0.1.0',
    'status.prefixLength': 24,
  }),
  forbidden(
    { 'spec.startAddress': '10.0.2.0', 'spec.prefixLength': 23 },
    'spec.startAddress',
    'a range that is allocated only grows around itself, and it is 10.0.1.0/24',
    { 'spec.prefixLength': 24, 'status.startAddress': '10.0.1.0', 'status.prefixLength': 24 },
  ),
];

function rangeRows(): Row[] {
  return [
    required({ 'spec.subnetClass': undefined }, 'spec.subnetClass'),
    required({ 'spec.networkContext.name': undefined }, 'spec.networkContext.name'),
    invalid({ 'spec.subnetClass': 'Private' }, 'spec.subnetClass', '"Private": a lowercase RFC 1123 label must'),
    typeInvalid(
      { 'spec.startAddress': '10.0.0', 'spec.prefixLength': 24 },
      'spec.startAddress',
      '"10.0.0": spec.startAddress in body must be of type ip',
    ),
    invalid(
      { 'spec.startAddress': 'fd20::', 'spec.prefixLength': 24 },
      'spec.startAddress',
      '"fd20::": must be an IPv4 address',
    ),
    invalid({ 'spec.prefixLength': 33 }, 'spec.prefixLength', '33: must be less than or equal to 32 for IPv4'),
    invalid({ 'spec.prefixLength': 129 }, 'spec.prefixLength', '129: spec.prefixLength in body should be less'),
    invalid(
      { 'spec.startAddress': '10.0.0.1', 'spec.prefixLength': 24 },
      'spec.startAddress',
      '"10.0.0.1": must be the first address of a range of prefix length 24: 10.0.0.0',
    ),
  ];
}
