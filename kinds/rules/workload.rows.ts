import { valid } from './fixture.ts';
import { forbidden, invalid, required, row, type Row } from './row.ts';

const keys = 'spec.template.metadata.annotations["compute.datumapis.com/ssh-keys"]';
const keysShown = 'spec.template.metadata.annotations[compute.datumapis.com/ssh-keys]';
const scale = 'spec.placements[0].scaleSettings';
const metrics = [{ resource: { name: 'cpu', target: { averageUtilization: 60 } } }];

/** Placements and update of a Workload. */
export const placementRows: readonly Row[] = [
  required({ 'spec.template': undefined }, 'spec.template'),
  required({ 'spec.placements': undefined }, 'spec.placements'),
  invalid({ 'spec.placements': [] }, 'spec.placements', '0: spec.placements in body should have at least 1 items'),
  invalid({ 'spec.placements[0].name': 'US' }, 'spec.placements[0].name', '"US": a lowercase RFC 1123 label must'),
  required({ 'spec.placements[0].cityCodes': undefined }, 'spec.placements[0].cityCodes'),
  invalid(
    { 'spec.placements[0].cityCodes': [] },
    'spec.placements[0].cityCodes',
    '0: spec.placements[0].cityCodes in body should have at least 1 items',
  ),
  row(
    { 'spec.placements[0].cityCodes': ['DFW', 'XXX'] },
    'spec.placements[0].cityCodes[1]',
    'FieldValueNotSupported',
    'Unsupported value: "XXX": supported values: "DFW"',
  ),
  row(
    { 'spec.placements[0].cityCodes': ['XXX'] },
    'spec.placements[0].cityCodes[0]',
    'FieldValueNotSupported',
    'Unsupported value: "XXX": supported values: "DFW"',
    {},
  ),
  row(
    { 'spec.placements[0].cityCodes': ['DFW', 'DFW'] },
    'spec.placements[0].cityCodes[1]',
    'FieldValueDuplicate',
    'Duplicate value: "DFW"',
  ),
  row(
    { 'spec.placements[1]': valid.Workload.spec.placements[0] },
    'spec.placements[1]',
    'FieldValueDuplicate',
    'Duplicate value: map[string]interface {}{"name":"us"}',
  ),
  required({ [scale]: undefined }, scale),
  required({ [`${scale}.minReplicas`]: undefined }, `${scale}.minReplicas`),
  invalid(
    { [`${scale}.minReplicas`]: 0 },
    `${scale}.minReplicas`,
    `0: ${scale}.minReplicas in body should be greater than or equal to 1`,
  ),
  invalid(
    { [`${scale}.minReplicas`]: 1001 },
    `${scale}.minReplicas`,
    `1001: ${scale}.minReplicas in body should be less than or equal to 1000`,
  ),
  invalid(
    { [scale]: { minReplicas: 2, maxReplicas: 1, metrics } },
    `${scale}.maxReplicas`,
    '1: must be greater than or equal to minReplicas',
  ),
  required({ [`${scale}.maxReplicas`]: 2 }, `${scale}.metrics`, ': maxReplicas needs them'),
  row(
    { [`${scale}.instanceManagementPolicy`]: 'X' },
    `${scale}.instanceManagementPolicy`,
    'FieldValueNotSupported',
    'Unsupported value: "X": supported values: "OrderedReady", "Parallel"',
  ),
  row(
    metric('memory', { averageUtilization: 1 }),
    `${scale}.metrics[0].resource.name`,
    'FieldValueNotSupported',
    'Unsupported value: "memory": supported values: "cpu"',
  ),
  required(
    metric('cpu', {}),
    `${scale}.metrics[0].resource.target`,
    ': exactly one of value, averageValue, averageUtilization must be set',
  ),
  forbidden(
    metric('cpu', { value: 1, averageValue: 1 }),
    `${scale}.metrics[0].resource.target.averageValue`,
    'may not be set together with value',
  ),
  invalid(metric('cpu', { averageUtilization: 0 }), `${scale}.metrics[0].resource.target.averageUtilization`, '0: '),
  invalid(metric('cpu', { value: '0' }), `${scale}.metrics[0].resource.target.value`, '"0": must be greater than 0'),
  invalid(
    metric('cpu', { averageValue: '-1m' }),
    `${scale}.metrics[0].resource.target.averageValue`,
    '"-1m": must be greater than 0',
  ),
  invalid(
    metric('cpu', { value: 'much' }),
    `${scale}.metrics[0].resource.target.value`,
    '"much": quantities must match',
  ),
  row(
    { 'spec.updateStrategy.type': 'Recreate' },
    'spec.updateStrategy.type',
    'FieldValueNotSupported',
    'Unsupported value: "Recreate": supported values: "RollingUpdate", "OnDelete"',
  ),
  forbidden(
    { 'spec.updateStrategy': { type: 'OnDelete', rollingUpdate: {} } },
    'spec.updateStrategy.rollingUpdate',
    'goes with RollingUpdate only',
  ),
  ...(['maxUnavailable', 'maxSurge'] as const).flatMap((field) =>
    [-1, 'many', '101%', '1.5%'].map((value) =>
      invalid(
        { 'spec.updateStrategy': { rollingUpdate: { [field]: value } } },
        `spec.updateStrategy.rollingUpdate.${field}`,
        `${JSON.stringify(value)}: must be a number of instances, or a percentage from 0% to 100%`,
      ),
    ),
  ),
  invalid(
    { 'spec.updateStrategy': { rollingUpdate: { maxUnavailable: '0%' } } },
    'spec.updateStrategy.rollingUpdate.maxUnavailable',
    '"0%": cannot be 0 when maxSurge is 0',
  ),
  invalid(
    { 'spec.updateStrategy': { progressDeadlineSeconds: 0 } },
    'spec.updateStrategy.progressDeadlineSeconds',
    '0: spec.updateStrategy.progressDeadlineSeconds in body should be greater than or equal to 1',
  ),
  invalid({ 'spec.instanceMode': 'Group' }, 'spec.instanceMode', '"Group": field is immutable', {}),
  invalid({ 'spec.instanceMode': 'Group' }, 'spec.instanceMode', '"Group": field is immutable', {
    'spec.instanceMode': 'Direct',
  }),
  invalid({ 'spec.rollbackTo': { revision: 7 } }, 'spec.rollbackTo.revision', '7: there is no earlier revision'),
];

/** WorkloadDeployment, beside its template. */
export const workloadDeploymentRows: readonly Row[] = [
  ...['workloadRef', 'placementName', 'cityCode', 'template', 'scaleSettings'].map((field) =>
    required({ [`spec.${field}`]: undefined }, `spec.${field}`),
  ),
  required({ 'spec.workloadRef.uid': undefined }, 'spec.workloadRef.uid'),
  required({ 'spec.scaleSettings.maxReplicas': 2 }, 'spec.scaleSettings.metrics', ': maxReplicas needs them'),
  required({ [keys]: undefined }, keysShown, ': a virtual machine needs'),
];

/** Instance, beside what a template has too. */
export const instanceRows: readonly Row[] = [
  required({ 'spec.runtime': undefined }, 'spec.runtime'),
  row(
    { 'spec.runtime.resources.instanceType': 'big' },
    'spec.runtime.resources.instanceType',
    'FieldValueNotSupported',
    'Unsupported value: "big"',
  ),
  required(
    { 'metadata.annotations': {} },
    'metadata.annotations[compute.datumapis.com/ssh-keys]',
    ': a virtual machine needs',
  ),
  required({ 'spec.controller': {} }, 'spec.controller.templateHash'),
  required(
    { 'spec.controller': { templateHash: 'h', schedulingGates: [{}] } },
    'spec.controller.schedulingGates[0].name',
  ),
  required({ 'status.controller': {} }, 'status.controller.observedTemplateHash'),
];

function metric(name: string, target: object): Row['patch'] {
  return { [`${scale}.metrics`]: [{ resource: { name, target } }] };
}
