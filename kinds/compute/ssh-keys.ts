/** Annotation of a template and its instances: who may log in to a virtual machine. */
export const sshKeysAnnotation = 'compute.datumapis.com/ssh-keys';

/** A key that may log in. */
export interface SshKey {
  readonly username: string;
  /** `type base64 comment`, as in an authorized_keys file. */
  readonly publicKey: string;
}

const usernamePattern = /^[a-z_][a-z0-9_-]{0,31}$/;
const minRsaBits = 1024;

/** Reads lines `username:public-key`; empty ones are skipped. Faults name the line, from 1. */
export function parseSshKeys(text: string): { readonly keys: readonly SshKey[]; readonly faults: readonly string[] } {
  const keys: SshKey[] = [];
  const faults: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const trimmed = line.trim();
    if (trimmed === '') continue;
    const fault = lineFault(trimmed);
    const colon = trimmed.indexOf(':');
    if (fault === undefined)
      keys.push({ username: trimmed.slice(0, colon), publicKey: trimmed.slice(colon + 1).trim() });
    else faults.push(`line ${index + 1}: ${fault}`);
  }
  if (keys.length === 0 && faults.length === 0) faults.push('no line username:public-key');
  return { keys, faults };
}

function lineFault(line: string): string | undefined {
  const colon = line.indexOf(':');
  if (colon < 0) return 'must be username:public-key';
  if (!usernamePattern.test(line.slice(0, colon)))
    return 'the username must start with a-z or _, followed by a-z, 0-9, _ or -, at most 32 characters';
  const [type = '', base64 = ''] = line
    .slice(colon + 1)
    .trim()
    .split(/\s+/);
  const shape = shapes[type];
  if (shape === undefined)
    return `unknown key type ${JSON.stringify(type)}; known are ${Object.keys(shapes).join(', ')}`;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return 'the key is not base64';
  const fields = readFields(Buffer.from(base64, 'base64'));
  if (fields === undefined || fields[0]?.toString('latin1') !== type || !shape(fields.slice(1)))
    return `the key is not a valid ${type} key`;
  return undefined;
}

/** What follows the type in a key of each type (RFC 4253, 5656, 8709; OpenSSH's PROTOCOL.u2f). */
const shapes: Readonly<Record<string, (fields: readonly Buffer[]) => boolean>> = {
  'ssh-ed25519': ([point, ...rest]) => point?.length === 32 && rest.length === 0,
  'ssh-rsa': ([exponent, modulus, ...rest]) =>
    (exponent?.length ?? 0) > 0 && (modulus?.length ?? 0) * 8 >= minRsaBits && rest.length === 0,
  'ecdsa-sha2-nistp256': ecdsa('nistp256', 32),
  'ecdsa-sha2-nistp384': ecdsa('nistp384', 48),
  'ecdsa-sha2-nistp521': ecdsa('nistp521', 66),
  'sk-ssh-ed25519@openssh.com': ([point, application, ...rest]) =>
    point?.length === 32 && application !== undefined && rest.length === 0,
  'sk-ecdsa-sha2-nistp256@openssh.com': (fields) => fields.length === 3 && ecdsa('nistp256', 32)(fields.slice(0, 2)),
};

function ecdsa(curve: string, bytes: number): (fields: readonly Buffer[]) => boolean {
  // 4 marks an uncompressed point: both coordinates follow.
  return ([name, point, ...rest]) =>
    name?.toString('latin1') === curve && point?.length === 1 + 2 * bytes && point[0] === 4 && rest.length === 0;
}

/** Fields of a length in four bytes and so many bytes each; undefined when they do not fill the buffer exactly. */
function readFields(buffer: Buffer): Buffer[] | undefined {
  const fields: Buffer[] = [];
  let at = 0;
  while (at < buffer.length) {
    if (at + 4 > buffer.length) return undefined;
    const end = at + 4 + buffer.readUInt32BE(at);
    if (end > buffer.length) return undefined;
    fields.push(buffer.subarray(at + 4, end));
    at = end;
  }
  return fields;
}
