import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { KeyedCertificate } from './certificates.ts';

/**
 * Writes a kubeconfig that works as it is, for the owner only; answers its absolute path. The current context uses the
 * token, a second one the administrator's certificate.
 */
export function writeKubeconfig(
  folder: string,
  server: string,
  token: string,
  ca: string,
  admin: KeyedCertificate | undefined,
): string {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const contexts = [
    { name: 'datum', user: 'admin' },
    ...(admin === undefined ? [] : [{ name: 'datum-certificate', user: 'admin-certificate' }]),
  ];
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'datum', cluster: { server, 'certificate-authority-data': base64(ca) } }],
    users: [
      { name: 'admin', user: { token } },
      ...(admin === undefined
        ? []
        : [
            {
              name: 'admin-certificate',
              user: { 'client-certificate-data': base64(admin.cert), 'client-key-data': base64(admin.key) },
            },
          ]),
    ],
    contexts: contexts.map(({ name, user }) => ({ name, context: { cluster: 'datum', user, namespace: 'default' } })),
    'current-context': 'datum',
  };
  const file = join(folder, 'kubeconfig');
  writeFileSync(file, stringify(config, { lineWidth: 0 }), { mode: 0o600 });
  return file;
}
