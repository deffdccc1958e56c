import { field, signature } from './print.ts';

/** Root field that asks for a token of a service account, of the subgraph that has it. */
export const tokenMutations = [
  field(
    signature(
      'createServiceAccountToken',
      [
        'namespace: String!',
        '"The service account."',
        'name: String!',
        '"Whom the token is for; empty: this API."',
        'audiences: [String!]! = []',
        '"How long it counts, from 600; what is longer than a year is shortened."',
        'expirationSeconds: Int! = 3600',
        '"An object of the same namespace; the token ends with it."',
        'boundObjectRef: BoundObjectInput',
      ],
      'CreateServiceAccountTokenPayload!',
    ),
    'A short-lived token of a service account, which is told once and kept nowhere.',
  ),
];

/** Types of that field. */
export const tokenTypes = /* GraphQL */ `"An object to which a token is bound."
input BoundObjectInput {
  "Kind as in manifests: ${'`Secret`'}."
  kind: String!
  name: String!
  "Only if the object has this uid."
  uid: String
}

type CreateServiceAccountTokenPayload {
  token: String
  expirationTimestamp: Time
  "Whom the token is for."
  audiences: [String!]
  "Why there is no token; empty on success."
  userErrors: [UserError!]!
  warnings: [String!]!
}
`;
