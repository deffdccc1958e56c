import { expect, test } from 'vitest';
import { hashedName, ownedName } from './owned-name.ts';

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

test('a name that fits is kept', () => {
  expect(ownedName('web-us-dfw-net-0', 'u1')).toBe('web-us-dfw-net-0');
  expect(ownedName('a'.repeat(253), 'u1')).toBe('a'.repeat(253));
});

test('a name that does not fit is shortened, stably, and still tells names and owners apart', () => {
  const long = `${'a'.repeat(200)}.${'b'.repeat(60)}`;
  const short = ownedName(long, 'u1');
  expect(short).toHaveLength(253);
  expect(short).toMatch(subdomain);
  expect(ownedName(long, 'u1')).toBe(short);
  expect(ownedName(`${long}c`, 'u1')).not.toBe(short);
  expect(ownedName(long, 'u2')).not.toBe(short);
});

test.each(['.', '-', '-.'])('a cut behind %j leaves a valid name', (end) => {
  const beginning = 'a'.repeat(244 - end.length);
  expect(hashedName(`${beginning}${end}${'b'.repeat(20)}`, 'u1')).toMatch(subdomain);
});

test('the name beside one that is taken keeps the whole of it', () => {
  expect(hashedName('web-us-dfw', 'u1')).toMatch(/^web-us-dfw-[0-9a-f]{8}$/);
});
