import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  PemConverter,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** A certificate and its key, PEM. */
export interface Keyed {
  readonly cert: string;
  readonly key: string;
}

type KeyPair = Parameters<typeof X509CertificateGenerator.createSelfSigned>[0]['keys'] & webcrypto.CryptoKeyPair;

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** The authority of an embedded product, from its data directory. */
export function authorityIn(dataDir: string): Keyed {
  const read = (name: string): string => readFileSync(`${dataDir}/tls/${name}`, 'utf8');
  return { cert: read('ca.crt'), key: read('ca.key') };
}

/** An authority of somebody else. */
export async function newAuthority(name: string): Promise<Keyed> {
  const keys = await newKeys();
  const cert = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    ...lasting(60_000),
    keys,
    signingAlgorithm: algorithm,
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  });
  return { cert: cert.toString('pem'), key: await pemOf(keys) };
}

/** A certificate that an authority makes; it ends in `lifeMs`, which may have been. */
export async function newCertificate(
  authority: Keyed,
  subject: string,
  { lifeMs = 60_000, forServers = false } = {},
): Promise<Keyed> {
  const keys = await newKeys();
  const issuer = new X509Certificate(authority.cert);
  const signingKey = (await webcrypto.subtle.importKey(
    'pkcs8',
    PemConverter.decodeFirst(authority.key),
    algorithm,
    false,
    ['sign'],
  )) as KeyPair['privateKey'];
  const cert = await X509CertificateGenerator.create({
    subject,
    issuer: issuer.subject,
    ...lasting(lifeMs),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    extensions: [
      new ExtendedKeyUsageExtension([forServers ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth]),
    ],
  });
  return { cert: cert.toString('pem'), key: await pemOf(keys) };
}

function lasting(lifeMs: number): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() - 3_600_000), notAfter: new Date(Date.now() + lifeMs) };
}

async function newKeys(): Promise<KeyPair> {
  return (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as KeyPair;
}

async function pemOf(keys: KeyPair): Promise<string> {
  return PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
}
