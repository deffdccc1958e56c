import { objectAt, objectsAt, stringAt } from '../../core/json.ts';
import { apiError } from '../../http/api-error.ts';
import { referredKeys } from '../references.ts';
import type { ComputeType, LatencyRange, Mutation } from '../resource-type.ts';
import { requireFingerprint } from '../rules.ts';
import { INSTANCE_WRITABLE } from './instance-fields.ts';
import { prepareInstance, withInstanceFingerprint } from './instance-insert.ts';
import { interfaceAddresses } from './instance-interfaces.ts';
import { POWER, becomeRunning, boot } from './instance-power.ts';
import { innerFingerprint, labelFields, metadataField, tagsField } from './labels.ts';

const SETTER_LATENCY_MS: LatencyRange = [2_000, 8_000];

const setMetadata: Mutation = {
  httpMethod: 'POST',
  verb: 'setMetadata',
  operationType: 'setMetadata',
  request: { message: 'Metadata', writable: ['fingerprint', 'items', 'kind'] },
  latencyMs: SETTER_LATENCY_MS,
  apply(_target, { body }, sent) {
    requireFingerprint(stringAt(sent, 'fingerprint'), innerFingerprint(body, 'metadata'), 'fingerprint', 'metadata');
    return withInstanceFingerprint({ ...body, ...metadataField(sent) });
  },
};

const setTags: Mutation = {
  httpMethod: 'POST',
  verb: 'setTags',
  operationType: 'setTags',
  request: { message: 'Tags', writable: ['fingerprint', 'items'] },
  latencyMs: SETTER_LATENCY_MS,
  apply(_target, { body }, sent) {
    requireFingerprint(stringAt(sent, 'fingerprint'), innerFingerprint(body, 'tags'), 'fingerprint', 'tags');
    return withInstanceFingerprint({ ...body, ...tagsField(sent) });
  },
};

const setLabels: Mutation = {
  httpMethod: 'POST',
  verb: 'setLabels',
  operationType: 'setLabels',
  request: { message: 'InstancesSetLabelsRequest', writable: ['labelFingerprint', 'labels'] },
  latencyMs: SETTER_LATENCY_MS,
  apply(_target, { body }, sent) {
    requireFingerprint(
      stringAt(sent, 'labelFingerprint'),
      stringAt(body, 'labelFingerprint') ?? '',
      'labelFingerprint',
      'label',
    );
    const { labels: _replaced, ...rest } = body;
    return withInstanceFingerprint({ ...rest, ...labelFields(objectAt(sent, 'labels')) });
  },
};

/** Virtual machines. */
export const instances: ComputeType = {
  collection: 'instances',
  kind: 'compute#instance',
  message: 'Instance',
  noun: 'instance',
  scopes: ['zone'],
  aggregated: true,
  visibleWhileCreating: true,
  latencyMs: { insert: [8_000, 30_000], delete: [20_000, 60_000] },
  outputOnly: ['status', 'fingerprint', 'labelFingerprint', 'lastStartTimestamp', 'lastStopTimestamp'],
  indexedFields: ['networkInterfaces', 'disks'],
  references: ({ body }) => [
    ...objectsAt(body, 'networkInterfaces').flatMap((nic) => referredKeys(nic, 'network', 'subnetwork')),
    ...objectsAt(body, 'disks').flatMap((disk) => referredKeys(disk, 'source')),
  ],
  addresses: ({ body }) => objectsAt(body, 'networkInterfaces').flatMap(interfaceAddresses),
  insert: {
    writable: INSTANCE_WRITABLE,
    prepare: prepareInstance,
    done: boot,
    linger: { body: ({ body }) => ({ ...body, status: 'STOPPING' }), latencyMs: [1_000, 5_000] },
  },
  mutations: [...Object.values(POWER), setMetadata, setTags, setLabels],
  delete: {
    inUse: 'at-call',
    check(_target, { body }) {
      if (body['deletionProtection'] !== true) return;
      const why = "Resource cannot be deleted if it's protected against deletion.";
      throw apiError(400, 'resourceNotDeletable', `Invalid resource usage: '${why}'`);
    },
    begin: ({ body }) => ({ ...body, status: 'STOPPING' }),
    undo: ({ body }) => ({ ...body, status: 'RUNNING' }),
    done({ world }, { body }) {
      for (const disk of objectsAt(body, 'disks')) {
        for (const key of disk['autoDelete'] === true ? referredKeys(disk, 'source') : []) {
          world.database.delete('resource', key);
        }
      }
    },
  },
  events: { running: becomeRunning },
};
