import { expect, test } from 'vitest';
import { limitsOf } from '../access/limits/limits.ts';
import { ConfigError, readConfig } from '../config.ts';

const read = (settings: object) => readConfig({ DATUM_LIMITS: JSON.stringify(settings) });

test('limits are configured in part, and what is not said stays as it is', () => {
  const { standard, masters, server, users } = limitsOf(
    read({ standard: { watches: 7 }, users: { ci: { read: { perSecond: 1, burst: 2 } } } }).DATUM_LIMITS,
  );
  const usual = limitsOf();
  expect(standard).toEqual({ ...usual.standard, watches: 7 });
  expect([masters, server]).toEqual([usual.masters, usual.server]);
  expect(users).toEqual({ ci: { read: { perSecond: 1, burst: 2 } } });
  expect(limitsOf(readConfig({}).DATUM_LIMITS)).toEqual(usual);
});

test.each([
  { standrad: {} },
  { standard: { read: { perSecond: 0, burst: 1 } } },
  { standard: { read: 5 } },
  { standard: { requests: 0 } },
  { server: { watches: -1 } },
  { users: { ci: { speed: 1 } } },
])('%o is refused, with the name of the setting', (settings) => {
  expect(() => read(settings)).toThrow(ConfigError);
  expect(() => read(settings)).toThrow(/^DATUM_LIMITS/);
});

test('origins are origins', () => {
  const origins = (text: string) => readConfig({ DATUM_ALLOWED_ORIGINS: text }).DATUM_ALLOWED_ORIGINS;
  expect(origins('https://a.example, http://localhost:3000')).toEqual(['https://a.example', 'http://localhost:3000']);
  for (const wrong of ['*', 'https://a.example/', 'a.example', 'https://a.example/path', 'null', 'file:///'])
    expect(() => origins(wrong), wrong).toThrow(/^DATUM_ALLOWED_ORIGINS/);
});
