/**
 * Wraps the keys of secrets with the transit engine of Vault or OpenBao, so that the key they are wrapped with never leaves it:
 * DATUM_KEY_PROVIDER=examples/key-provider.ts. VAULT_ADDR and VAULT_TOKEN say where and as whom; VAULT_KEY is the key's
 * name, by default `datum`. Other services take the same few lines.
 */
const {
  VAULT_ADDR: address = 'https://127.0.0.1:8200',
  VAULT_TOKEN: token = '',
  VAULT_KEY: key = 'datum',
} = process.env;
const timeoutMs = 10_000;

async function transit(verb: 'encrypt' | 'decrypt', name: string, body: object): Promise<Record<string, string>> {
  const response = await fetch(new URL(`/v1/transit/${verb}/${encodeURIComponent(name)}`, address), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-vault-token': token },
    body: JSON.stringify(body),
    // A token is for this address and no other.
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) throw new Error(`transit refused to ${verb} with the key ${name}: ${response.status}`);
  return ((await response.json()) as { data: Record<string, string> }).data;
}

export const keyProvider = {
  id: 'vault-transit',
  async wrap(dataKey: Buffer): Promise<{ wrapped: Buffer; keyId: string }> {
    const { ciphertext = '' } = await transit('encrypt', key, { plaintext: dataKey.toString('base64') });
    return { wrapped: Buffer.from(ciphertext), keyId: key };
  },
  async unwrap(wrapped: Buffer, keyId: string): Promise<Buffer> {
    const { plaintext = '' } = await transit('decrypt', keyId, { ciphertext: wrapped.toString() });
    return Buffer.from(plaintext, 'base64');
  },
};
