import { expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import { dangersOf, refuseExposure } from './exposure.ts';

const tls = { DATUM_TLS_CERT: 'cert.pem', DATUM_TLS_KEY: 'key.pem' };

test.each([
  {},
  { DATUM_HOST: 'localhost' },
  { DATUM_HOST: '::1' },
  { DATUM_HOST: '127.9.9.9' },
  { DATUM_HOST: '0.0.0.0', ...tls },
  { DATUM_HOST: '0.0.0.0', DATUM_ROLES: 'kubernetes,worker,dispatcher' },
  { DATUM_GCP_HOST: '0.0.0.0', DATUM_ROLES: 'gateway,subgraph' },
  { DATUM_GCP_HOST: '0.0.0.0', DATUM_GCP_ENDPOINT: 'https://compute.googleapis.com' },
])('%o is safe', (environment) => {
  const config = readConfig(environment);
  expect(() => refuseExposure(config)).not.toThrow();
  expect(dangersOf(config)).toEqual([]);
});

test.each([
  [{ DATUM_HOST: '0.0.0.0' }, 'DATUM_INSECURE_HTTP'],
  [{ DATUM_HOST: '::' }, 'DATUM_INSECURE_HTTP'],
  [{ DATUM_HOST: '::ffff:10.0.0.1' }, 'DATUM_INSECURE_HTTP'],
  [{ DATUM_HOST: '127.example.com' }, 'DATUM_INSECURE_HTTP'],
  [{ DATUM_HOST: '10.0.0.1', DATUM_ROLES: 'subgraph' }, 'DATUM_INSECURE_HTTP'],
  [{ DATUM_GCP_HOST: '0.0.0.0' }, 'DATUM_INSECURE_EMULATOR'],
  [{ DATUM_GCP_HOST: '192.168.0.1', ...tls }, 'DATUM_INSECURE_EMULATOR'],
])('%o is refused until a setting says that it is meant, and then said aloud', (environment, setting) => {
  expect(() => refuseExposure(readConfig(environment))).toThrow(`${setting}=1`);
  const meant = readConfig({ ...environment, [setting]: '1' });
  expect(() => refuseExposure(meant)).not.toThrow();
  expect(dangersOf(meant)).toEqual([expect.stringMatching(new RegExp(`^Warning: .*${setting}=1`))]);
});
