import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { parseSshKeys } from './ssh-keys.ts';

/** Fields as an SSH key has them: each behind its length. */
function wire(...fields: readonly Buffer[]): string {
  const parts = fields.flatMap((field) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(field.length);
    return [length, field];
  });
  return Buffer.concat(parts).toString('base64');
}

/** A number of an RSA key in base64url; a zero in front keeps it positive. */
function positive(text: string | undefined): Buffer {
  const bytes = Buffer.from(text ?? '', 'base64url');
  return (bytes[0] ?? 0) > 127 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
}

function ed25519(type = 'ssh-ed25519', ...more: readonly Buffer[]): string {
  const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  return `${type} ${wire(Buffer.from(type), Buffer.from(x, 'base64url'), ...more)}`;
}

function rsa(bits: number): string {
  const { e, n } = generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' });
  return `ssh-rsa ${wire(Buffer.from('ssh-rsa'), positive(e), positive(n))}`;
}

function ecdsa(bits: number, type = `ecdsa-sha2-nistp${bits}`, ...more: readonly Buffer[]): string {
  const pair = generateKeyPairSync('ec', { namedCurve: `P-${bits}` });
  const { x = '', y = '' } = pair.publicKey.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  return `${type} ${wire(Buffer.from(type), Buffer.from(`nistp${bits}`), point, ...more)}`;
}

const ssh = Buffer.from('ssh:');

describe('ssh keys', () => {
  test.each([
    ['ed25519', ed25519()],
    ['rsa', rsa(2048)],
    ['p256', ecdsa(256)],
    ['p384', ecdsa(384)],
    ['p521', ecdsa(521)],
    ['security key, ed25519', ed25519('sk-ssh-ed25519@openssh.com', ssh)],
    ['security key, p256', ecdsa(256, 'sk-ecdsa-sha2-nistp256@openssh.com', ssh)],
  ])('%s is taken, with or without a comment', (_name, key) => {
    const text = `ops:${key} ops@example.com\r\n\n_root-1:${key}\n`;
    expect(parseSshKeys(text)).toEqual({
      keys: [
        { username: 'ops', publicKey: `${key} ops@example.com` },
        { username: '_root-1', publicKey: key },
      ],
      faults: [],
    });
  });

  test.each([
    ['a cut one', ed25519().slice(0, -8)],
    ['one that goes on', `ssh-ed25519 ${wire(Buffer.from('ssh-ed25519'), Buffer.alloc(32), Buffer.alloc(1))}`],
    ['another type inside', `ssh-ed25519 ${wire(Buffer.from('ssh-rsa'), Buffer.alloc(32))}`],
    ['a small modulus', `ssh-rsa ${wire(Buffer.from('ssh-rsa'), Buffer.from([1, 0, 1]), Buffer.alloc(64, 1))}`],
    [
      'a compressed point',
      `ecdsa-sha2-nistp256 ${wire(Buffer.from('ecdsa-sha2-nistp256'), Buffer.from('nistp256'), Buffer.alloc(33, 2))}`,
    ],
    ['another curve', ecdsa(384).replace('nistp384 ', 'nistp256 ')],
    ['a length beyond the end', `ssh-ed25519 ${Buffer.from([255, 255, 255, 255]).toString('base64')}`],
    ['nothing', 'ssh-ed25519'],
    ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----'],
  ])('%s is refused', (_name, key) => {
    const { keys, faults } = parseSshKeys(`ops:${ed25519()}\nops:${key}`);
    expect(keys).toHaveLength(1);
    expect(faults).toEqual([expect.stringMatching(/^line 2: /)]);
  });

  test.each(['', '\n \n'])('no key at all is refused', (text) => {
    expect(parseSshKeys(text).faults).toEqual(['no line username:public-key']);
  });
});
