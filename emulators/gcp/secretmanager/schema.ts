import { POLICY_MESSAGES } from '../iam/policy.ts';
import type { Schema } from '../schema/schema.ts';

/** What requests to Secret Manager may carry. */
export const SECRET_SCHEMA: Schema = {
  enums: {},
  messages: {
    Secret: {
      name: 'string',
      replication: 'Replication',
      createTime: 'string',
      labels: 'string{}',
      annotations: 'string{}',
      versionAliases: 'int64{}',
      etag: 'string',
    },
    Replication: { automatic: 'Automatic', userManaged: 'any' },
    Automatic: { customerManagedEncryption: 'any' },
    AddSecretVersionRequest: { payload: 'SecretPayload' },
    SecretPayload: { data: 'string', dataCrc32c: 'int64' },
    VersionRequest: { etag: 'string' },
    ...POLICY_MESSAGES,
  },
};

/** Fields of a secret that Google has and the emulator does nothing with. */
export const UNSUPPORTED_SECRET_FIELDS = [
  'topics',
  'expireTime',
  'ttl',
  'rotation',
  'versionDestroyTtl',
  'customerManagedEncryption',
  'tags',
];
