import { forbidden, invalid, required, row, typeInvalid, type Row } from './row.ts';

const expression = 'spec.instanceSelector.matchExpressions[0]';

/** NetworkPolicy. */
export const networkPolicyRows: readonly Row[] = [
  required({ 'spec.network.name': undefined }, 'spec.network.name'),
  invalid(
    { 'spec.priority': 1001 },
    'spec.priority',
    '1001: spec.priority in body should be less than or equal to 1000',
  ),
  invalid({ 'spec.priority': -1 }, 'spec.priority', '-1: spec.priority in body should be greater than or equal to 0'),
  row(
    { 'spec.policyTypes': ['Both'] },
    'spec.policyTypes[0]',
    'FieldValueNotSupported',
    'Unsupported value: "Both": supported values: "Ingress", "Egress"',
  ),
  invalid(
    { 'spec.instanceSelector': { matchLabels: { a: 'b c' } } },
    'spec.instanceSelector.matchLabels',
    '"b c": a valid label must be',
  ),
  invalid(selector({ key: 'a b', operator: 'Exists' }), `${expression}.key`, '"a b": name part must'),
  required(
    selector({ key: 'a', operator: 'In' }),
    `${expression}.values`,
    ": must be specified when `operator` is 'In' or 'NotIn'",
  ),
  forbidden(
    selector({ key: 'a', operator: 'Exists', values: ['b'] }),
    `${expression}.values`,
    'may not be specified when `operator` is',
  ),
  invalid(
    selector({ key: 'a', operator: 'In', values: ['b c'] }),
    `${expression}.values[0]`,
    '"b c": a valid label must be',
  ),
  row(
    selector({ key: 'a', operator: 'Near' }),
    `${expression}.operator`,
    'FieldValueNotSupported',
    'Unsupported value: "Near": supported values: "In"',
  ),
  row(
    { 'spec.ingress[0].ports[0].protocol': 'ICMP' },
    'spec.ingress[0].ports[0].protocol',
    'FieldValueNotSupported',
    'Unsupported value: "ICMP": supported values: "TCP", "UDP", "SCTP"',
  ),
  invalid(
    { 'spec.ingress[0].ports[0].port': 0 },
    'spec.ingress[0].ports[0].port',
    '0: must be between 1 and 65535, inclusive',
  ),
  invalid(
    { 'spec.egress[0].ports[0].port': 'no port' },
    'spec.egress[0].ports[0].port',
    '"no port": must contain only alpha-numeric',
  ),
  typeInvalid(
    { 'spec.egress[0].ports[0].port': true },
    'spec.egress[0].ports[0].port',
    '"boolean": spec.egress[0].ports[0].port in body must be of type integer,string',
  ),
  invalid(
    { 'spec.ingress[0].ports[0].endPort': 79 },
    'spec.ingress[0].ports[0].endPort',
    '79: must be greater than or equal to `port`',
  ),
  forbidden(
    { 'spec.egress[0].ports[0].endPort': 79 },
    'spec.egress[0].ports[0].endPort',
    'may be set only with a port that is a number',
  ),
  typeInvalid(
    { 'spec.ingress[0].from[0].ipBlock.cidr': 'x' },
    'spec.ingress[0].from[0].ipBlock.cidr',
    '"x": spec.ingress[0].from[0].ipBlock.cidr in body must be of type cidr',
  ),
  invalid(
    { 'spec.ingress[0].from[0].ipBlock.except': ['11.0.0.0/16'] },
    'spec.ingress[0].from[0].ipBlock.except[0]',
    '"11.0.0.0/16": must be a strict subset of `cidr`',
  ),
  invalid(
    { 'spec.ingress[0].from[0].ipBlock.except': ['10.0.0.0/8'] },
    'spec.ingress[0].from[0].ipBlock.except[0]',
    '"10.0.0.0/8": must be a strict subset',
  ),
  required(
    { 'spec.ingress[0].from[0]': {} },
    'spec.ingress[0].from[0]',
    ': exactly one of ipBlock, instanceSelector must be set',
  ),
  forbidden(
    { 'spec.ingress[0].from[0].instanceSelector': {} },
    'spec.ingress[0].from[0].instanceSelector',
    'may not be set together with ipBlock',
  ),
];

function selector(requirement: object): Row['patch'] {
  return { 'spec.instanceSelector': { matchExpressions: [requirement] } };
}
