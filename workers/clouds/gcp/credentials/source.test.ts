import { expect, test } from 'vitest';
import { CredentialsError, readChain, readCredentials } from './source.ts';

const audience =
  '//iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/datum-pool/providers/datum-oidc';
const impersonationOf = (email: string, host = 'iamcredentials.googleapis.com') => ({
  service_account_impersonation_url: `https://${host}/v1/projects/-/serviceAccounts/${email}:generateAccessToken`,
});
const external = {
  type: 'external_account',
  audience,
  subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  token_url: 'https://sts.googleapis.com/v1/token',
  credential_source: { file: '/var/run/token' },
};
const user = { type: 'authorized_user', client_id: 'i', client_secret: 's', refresh_token: 'r' };
const worker = 'worker@acme-edge.iam.gserviceaccount.com';
const lender = 'lender@acme-edge.iam.gserviceaccount.com';
const lent = (source: object) => ({
  type: 'impersonated_service_account',
  ...impersonationOf(worker),
  delegates: [`projects/-/serviceAccounts/${lender}`],
  source_credentials: source,
});

test('federation, users and impersonation are read as names', () => {
  expect(readCredentials({ ...external, ...impersonationOf(worker) })).toEqual({
    source: {
      kind: 'external',
      audience,
      subjectTokenType: 'urn:ietf:params:oauth:token-type:jwt',
      subject: { from: { file: '/var/run/token' }, field: undefined },
    },
    chain: [worker],
  });
  expect(readCredentials(lent(user))).toEqual({
    source: { kind: 'user', clientId: 'i', clientSecret: 's', refreshToken: 'r' },
    chain: [lender, worker],
  });
});

test.each<[string, unknown, RegExp]>([
  ['a key file', { type: 'service_account', private_key: 'KEY' }, /use workload identity federation/],
  ['a program', { ...external, credential_source: { executable: { command: 'KEY' } } }, /runs a program/],
  ["another cloud's keys", { ...external, credential_source: { environment_id: 'aws1' } }, /another cloud/],
  ['a host that looks like it', { ...external, token_url: 'https://sts.googleapis.com.evil.example/' }, /must be at/],
  ['a host without TLS', { ...external, token_url: 'http://sts.googleapis.com/v1/token' }, /must be at/],
  ['a host with a user', { ...external, token_url: 'https://sts.googleapis.com@evil.example/' }, /must be at/],
  ['impersonation elsewhere', { ...external, ...impersonationOf(worker, 'evil.example') }, /must be Google's/],
  ['an account that is a path', { ...external, ...impersonationOf('..%2Fx@a.iam.gserviceaccount.com') }, /account/],
  ['another audience', { ...external, audience: 'https://evil.example' }, /workload identity provider/],
  ['a subject without TLS', { ...external, credential_source: { url: 'http://169.254.169.254/' } }, /source/],
  ['nested impersonation', lent(lent(user)), /nested/],
  ['nothing', null, /no credentials/],
])('%s is refused, and nothing of it is told', (_, json, reason) => {
  const read = () => readCredentials(json);
  expect(read).toThrow(CredentialsError);
  expect(read).toThrow(reason);
  expect(read).not.toThrow(/KEY/);
});

test('a chain is of service accounts', () => {
  expect(readChain([worker])).toEqual([worker]);
  expect(() => readChain(['olga@example.com'])).toThrow(CredentialsError);
});
