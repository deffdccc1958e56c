import { invalid, required, row, type Row } from './row.ts';

const listener = { name: 'public', port: 80, protocol: 'TCP' };

/** Gateway of a Workload. */
export const gatewayRows: readonly Row[] = [
  required({ 'spec.gateway.template': undefined }, 'spec.gateway.template'),
  invalid(
    { 'spec.gateway.template.spec.listeners': [], 'spec.gateway.tcpRoutes': [] },
    'spec.gateway.template.spec.listeners',
    '0: spec.gateway.template.spec.listeners in body should have at least 1 items',
  ),
  row(
    { 'spec.gateway.template.spec.listeners': listeners(17) },
    'spec.gateway.template.spec.listeners',
    'FieldValueTooMany',
    'Too many: 17: must have at most 16 items',
  ),
  row(
    { 'spec.gateway.template.spec.listeners[1]': { ...listener, port: 81 } },
    'spec.gateway.template.spec.listeners[1]',
    'FieldValueDuplicate',
    'Duplicate value: map[string]interface {}{"name":"public"}',
  ),
  row(
    { 'spec.gateway.template.spec.listeners[1]': { ...listener, name: 'b' } },
    'spec.gateway.template.spec.listeners[1].port',
    'FieldValueDuplicate',
    'Duplicate value: 80',
  ),
  invalid(
    { 'spec.gateway.template.spec.listeners[1]': { ...listener, name: 'B', port: 81 } },
    'spec.gateway.template.spec.listeners[1].name',
    '"B": a lowercase RFC 1123 label must',
  ),
  invalid({ 'spec.gateway.template.spec.listeners[0].port': 0 }, 'spec.gateway.template.spec.listeners[0].port', '0: '),
  row(
    { 'spec.gateway.template.spec.listeners[0].protocol': 'UDP' },
    'spec.gateway.template.spec.listeners[0].protocol',
    'FieldValueNotSupported',
    'Unsupported value: "UDP": supported values: "TCP"',
  ),
  row(
    { 'spec.gateway.tcpRoutes[0].rules[0].backendRefs[0].name': 'x' },
    'spec.gateway.tcpRoutes[0].rules[0].backendRefs[0].name',
    'FieldValueNotFound',
    'Not found: "x"',
  ),
  row(
    { 'spec.gateway.tcpRoutes[0].parentRefs[0].sectionName': 'x' },
    'spec.gateway.tcpRoutes[0].parentRefs[0].sectionName',
    'FieldValueNotFound',
    'Not found: "x"',
  ),
];

function listeners(count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({
    name: index === 0 ? 'public' : `l${index}`,
    port: 80 + index,
    protocol: 'TCP',
  }));
}
