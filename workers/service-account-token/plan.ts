import type { Secret, ServiceAccount } from '../../kinds/generated/types.ts';
import { setOwn } from '../../kinds/schema/json.ts';

/** Type of Secrets that hold a token of a service account. */
export const tokenSecretType = 'kubernetes.io/service-account-token';

const nameAnnotation = 'kubernetes.io/service-account.name';
const uidAnnotation = 'kubernetes.io/service-account.uid';

/** Name of the account whose token a Secret is for; undefined where it is for none. */
export function accountNameOf({ type, metadata }: Secret): string | undefined {
  return type === tokenSecretType ? metadata.annotations?.[nameAnnotation] : undefined;
}

/** Whether a Secret belongs to an account that is gone; one that was never filled waits for its account to come. */
export function isOrphan({ metadata }: Secret, account: ServiceAccount | undefined): boolean {
  const uid = metadata.annotations?.[uidAnnotation];
  return uid !== undefined && uid !== account?.metadata.uid;
}

/** What a Secret should hold besides what is in it; undefined where nothing is missing. */
export function missingIn(
  { data = {}, metadata }: Secret,
  account: ServiceAccount,
  apiAuthority: string | undefined,
): { readonly needsToken: boolean; readonly fill: (secret: Secret, token: string) => Secret } | undefined {
  const needsToken = !data['token'];
  const wanted: Record<string, string> = {
    ...(data['namespace'] ? {} : { namespace: metadata.namespace ?? '' }),
    ...(apiAuthority === undefined || data['ca.crt'] ? {} : { 'ca.crt': apiAuthority }),
  };
  const isNamed = metadata.annotations?.[uidAnnotation] === account.metadata.uid;
  if (!needsToken && isNamed && Object.keys(wanted).length === 0) return undefined;
  return {
    needsToken,
    fill(secret, token) {
      const filled: Record<string, string> = { ...secret.data };
      const added = { ...wanted, ...(needsToken ? { token } : {}) };
      for (const [key, text] of Object.entries(added)) setOwn(filled, key, Buffer.from(text).toString('base64'));
      const annotations = { ...secret.metadata.annotations, [uidAnnotation]: account.metadata.uid };
      return { ...secret, metadata: { ...secret.metadata, annotations }, data: filled };
    },
  };
}
