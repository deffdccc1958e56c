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
      topics: 'Topic[]',
      expireTime: 'string',
      ttl: 'string',
      rotation: 'Rotation',
      versionDestroyTtl: 'string',
      etag: 'string',
    },
    Topic: { name: 'string' },
    Rotation: { nextRotationTime: 'string', rotationPeriod: 'string' },
    Replication: { automatic: 'Automatic', userManaged: 'UserManaged' },
    Automatic: { customerManagedEncryption: 'any' },
    UserManaged: { replicas: 'Replica[]' },
    Replica: { location: 'string', customerManagedEncryption: 'any' },
    AddSecretVersionRequest: { payload: 'SecretPayload' },
    SecretPayload: { data: 'string', dataCrc32c: 'int64' },
    VersionRequest: { etag: 'string' },
    ...POLICY_MESSAGES,
  },
};

/** Fields of a secret that Google has and the emulator does nothing with. */
export const UNSUPPORTED_SECRET_FIELDS = ['customerManagedEncryption', 'tags'];
