import type { PeerCertificate } from 'node:tls';
import { expect, test } from 'vitest';
import { identityOfCertificate } from './certificates.ts';

const endsAt = 'Nov 23 12:00:00 2036 GMT';

function peer(subject: object | undefined, validTo = endsAt): PeerCertificate {
  return { subject, valid_to: validTo, fingerprint256: 'AA:BB' } as unknown as PeerCertificate;
}

test('the common name is the user, the organisations are the groups, the end is that of the certificate', () => {
  const certificate = peer({ CN: 'ann', O: ['net', 'ops'] });
  expect(identityOfCertificate(certificate, false)).toEqual({
    user: 'ann',
    groups: ['net', 'ops', 'system:authenticated'],
    project: 'default',
    credential: 'certificate:AA:BB',
    expiresAtMs: Date.parse(endsAt),
  });
  expect(identityOfCertificate(peer({ CN: 'bob', O: 'net' }), false)?.groups).toEqual(['net', 'system:authenticated']);
  expect(identityOfCertificate(peer({ CN: ['first', 'second'] }), false)?.user).toBe('first');
});

test("only our own authority gives the product's own names", () => {
  const admin = peer({ CN: 'admin', O: ['system:masters', 'net'] });
  expect(identityOfCertificate(admin, true)?.groups).toEqual(['system:masters', 'net', 'system:authenticated']);
  expect(identityOfCertificate(admin, false)?.groups).toEqual(['net', 'system:authenticated']);
  expect(identityOfCertificate(peer({ CN: 'system:serviceaccount:a:b' }), false)).toBeUndefined();
  expect(identityOfCertificate(peer({ CN: 'system:worker:x' }), true)?.user).toBe('system:worker:x');
});

test.each([undefined, {}, { O: 'net' }, { CN: '' }, { CN: [] }])('a certificate of %j is nobody’s', (subject) => {
  expect(identityOfCertificate(peer(subject), true)).toBeUndefined();
});

test('a certificate without an end that can be read is nobody’s', () => {
  expect(identityOfCertificate(peer({ CN: 'ann' }, 'never'), true)).toBeUndefined();
});
