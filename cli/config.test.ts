import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ConfigError, readConfig } from '../config.ts';

const least = { issuer: 'https://id.example', audiences: ['datum'] };

test('OpenID providers come as they are or in a file, with defaults that keep the users of two apart', () => {
  expect(readConfig({}).DATUM_OIDC).toEqual([]);
  const whole = {
    ...least,
    usernameClaim: 'sub',
    usernamePrefix: 'https://id.example#',
    groupsPrefix: 'https://id.example#',
    requiredClaims: {},
    extra: {},
    clockSkewSecs: 30,
  };
  expect(readConfig({ DATUM_OIDC: JSON.stringify([least]) }).DATUM_OIDC).toEqual([whole]);
  const folder = mkdtempSync(join(tmpdir(), 'datum-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'oidc.json');
  writeFileSync(file, JSON.stringify([{ ...least, usernamePrefix: '', extra: { 'example.com/team': 'team' } }]));
  expect(readConfig({ DATUM_OIDC: file }).DATUM_OIDC).toEqual([
    { ...whole, usernamePrefix: '', extra: { 'example.com/team': 'team' } },
  ]);
});

const one = (more: object): string => JSON.stringify([{ ...least, ...more }]);

test.each([
  ['no file and no JSON', '/nowhere/oidc.json', /no JSON/],
  ['no list', JSON.stringify(least), /expected array/],
  ['for nobody', one({ audiences: [] }), /audiences/],
  ['with a field that is not known', one({ audience: 'x' }), /audience/],
  ['an issuer that is no URL', one({ issuer: 'id' }), /issuer/],
  ['an issuer that others could answer for', one({ issuer: 'http://id.example' }), /must be https/],
  ['listed twice', JSON.stringify([least, least]), /twice/],
  ["a prefix that makes the product's own names", one({ usernamePrefix: 'system:' }), /must not begin with system:/],
  ['the same for groups', one({ groupsPrefix: 'system:x:' }), /must not begin with system:/],
  [
    'a name that the product gives',
    one({ extra: { 'authentication.kubernetes.io/credential-id': 'jti' } }),
    /Invalid key/,
  ],
  ['a skew that lets tokens live on', one({ clockSkewSecs: 3600 }), /clockSkewSecs/],
  ['a console whose id tokens would be for others', one({ consoleLogin: { clientId: 'other' } }), /audiences/],
  ['origins that are not safe', one({ consoleLogin: { clientId: 'datum', origins: ['http://id.example'] } }), /https/],
  ['the product itself', one({ issuer: 'https://datum.internal' }), /DATUM_ISSUER/],
])('an OpenID provider is refused: %s', (_, DATUM_OIDC, message) => {
  const read = (): unknown => readConfig({ DATUM_OIDC });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(message);
});

test('people sign in to the console by a provider that says how', () => {
  const [provider] = readConfig({
    DATUM_OIDC: one({ consoleLogin: { clientId: 'datum', origins: ['https://login.example/oauth2'] } }),
  }).DATUM_OIDC;
  expect(provider?.consoleLogin).toEqual({
    issuer: 'https://id.example',
    clientId: 'datum',
    name: 'id.example',
    scope: 'openid profile email offline_access',
    use: 'id_token',
    origins: ['https://login.example'],
  });
});

test('a provider on this machine may speak plain HTTP', () => {
  for (const issuer of ['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000']) {
    expect(readConfig({ DATUM_OIDC: one({ issuer }) }).DATUM_OIDC).toMatchObject([{ issuer }]);
  }
  expect(() => readConfig({ DATUM_OIDC: one({ issuer: 'http://127.0.0.1.example.com' }) })).toThrow('must be https');
});
