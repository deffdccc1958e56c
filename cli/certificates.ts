import 'reflect-metadata';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { webcrypto, X509Certificate as NodeCertificate } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** The library names the types of a browser, Node its own; they are the same objects. */
type KeyPair = Parameters<typeof X509CertificateGenerator.createSelfSigned>[0]['keys'] & webcrypto.CryptoKeyPair;

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 24 * 3_600_000;
const authorityDays = 3650;
const leafDays = 365;
/** A certificate with less time left is made anew at start. */
const renewDays = 30;

/** A certificate and its key, PEM. */
export interface KeyedCertificate {
  readonly cert: string;
  readonly key: string;
}

/** What the embedded product needs for TLS; made on first use and kept in the folder. */
export interface Certificates {
  /** The authority's certificate, PEM: clients trust it, and the server takes client certificates of it. */
  readonly ca: string;
  readonly server: KeyedCertificate;
  /** Client certificate of the administrator. */
  readonly admin: KeyedCertificate;
}

/** Certificates for a server on `host`, kept in `folder`; those that end soon or name other hosts are made anew. */
export async function certificates(folder: string, host: string): Promise<Certificates> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const hosts = [...new Set(['localhost', '127.0.0.1', '::1', hostname(), host])];
  const authority = await kept(folder, 'ca', () => true, makeAuthority);
  const issuer = new NodeCertificate(authority.cert);
  const issued = (cert: NodeCertificate): boolean => cert.verify(issuer.publicKey);
  const leaf = (subject: string, names: readonly string[], usage: ExtendedKeyUsage) => () =>
    makeLeaf(authority, subject, names, usage);
  const server = await kept(
    folder,
    'server',
    (cert) =>
      issued(cert) && hosts.every((name) => (isIP(name) ? cert.checkIP(name) : cert.checkHost(name)) !== undefined),
    leaf('CN=datum', hosts, ExtendedKeyUsage.serverAuth),
  );
  const admin = await kept(
    folder,
    'admin',
    issued,
    leaf('CN=admin, O=system:masters', [], ExtendedKeyUsage.clientAuth),
  );
  return { ca: authority.cert, server: { ...server, cert: server.cert + authority.cert }, admin };
}

/** A certificate from its files, or a new one where there is none that still fits. */
async function kept(
  folder: string,
  name: string,
  fits: (cert: NodeCertificate) => boolean,
  make: () => Promise<KeyedCertificate>,
): Promise<KeyedCertificate> {
  const files = { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
  if (existsSync(files.cert) && existsSync(files.key)) {
    const found = { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') };
    const parsed = new NodeCertificate(found.cert);
    if (Date.parse(parsed.validTo) > Date.now() + renewDays * dayMs && fits(parsed)) return found;
  }
  const made = await make();
  writeFileSync(files.key, made.key, { mode: 0o600 });
  writeFileSync(files.cert, made.cert, { mode: 0o644 });
  return made;
}

function validity(days: number): { notBefore: Date; notAfter: Date } {
  // An hour back, for clients whose clocks are behind.
  return { notBefore: new Date(Date.now() - 3_600_000), notAfter: new Date(Date.now() + days * dayMs) };
}

async function newKeys(): Promise<KeyPair> {
  return (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as KeyPair;
}

async function makeAuthority(): Promise<KeyedCertificate> {
  const keys = await newKeys();
  const cert = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=datum-ca',
    ...validity(authorityDays),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return pem(cert, keys);
}

async function makeLeaf(
  authority: KeyedCertificate,
  subject: string,
  names: readonly string[],
  usage: ExtendedKeyUsage,
): Promise<KeyedCertificate> {
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
    ...validity(leafDays),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([usage]),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      ...(names.length === 0
        ? []
        : [
            new SubjectAlternativeNameExtension(
              names.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value })),
            ),
          ]),
    ],
  });
  return pem(cert, keys);
}

async function pem(cert: X509Certificate, keys: KeyPair): Promise<KeyedCertificate> {
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { cert: `${cert.toString('pem')}\n`, key: `${PemConverter.encode(key, 'PRIVATE KEY')}\n` };
}
