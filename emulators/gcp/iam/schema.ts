import type { Schema } from '../schema/schema.ts';
import { POLICY_MESSAGES } from './policy.ts';

/** What requests to IAM may carry. */
export const ACCOUNT_SCHEMA: Schema = {
  enums: {},
  messages: {
    CreateServiceAccountRequest: { accountId: 'string', serviceAccount: 'ServiceAccount' },
    PatchServiceAccountRequest: { serviceAccount: 'ServiceAccount', updateMask: 'string' },
    Empty: {},
    ServiceAccount: {
      name: 'string',
      projectId: 'string',
      uniqueId: 'string',
      email: 'string',
      displayName: 'string',
      etag: 'string',
      description: 'string',
      oauth2ClientId: 'string',
      disabled: 'bool',
    },
    ...POLICY_MESSAGES,
  },
};
