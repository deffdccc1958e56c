import type { InstanceSpec, Location, Secret, Workload } from '../../kinds/generated/types.ts';
import { serviceAccountEmail, serviceAccountName, secretName } from '../clouds/gcp/names.ts';
import { secretBody } from '../clouds/gcp/secrets.ts';
import { serviceAccountBody } from '../clouds/gcp/service-accounts.ts';
import type { Wanted } from '../gcp-objects/ensure.ts';
import { placeOf } from '../gcp-objects/location.ts';
import { type By, ownedIn } from '../gcp-objects/owned.ts';

/** Google projects that a workload's deployments are in. */
export function accountsOf(locations: readonly (Location | undefined)[], locationClass: string): string[] {
  const accounts = locations.flatMap((location) => placeOf(location, locationClass)?.account ?? []);
  return [...new Set(accounts)].toSorted();
}

/** Names of the secrets that a template's volumes, variables and images use, in its namespace. */
export function secretsUsed({ runtime, volumes }: InstanceSpec): string[] {
  const names = [
    ...(volumes ?? []).flatMap(({ secret }) => secret?.secretName ?? []),
    ...(runtime.sandbox?.containers ?? []).flatMap(({ env }) =>
      (env ?? []).flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.name ?? []),
    ),
    ...(runtime.sandbox?.imagePullSecrets ?? []).map(({ name }) => name),
  ];
  return [...new Set(names)].toSorted();
}

/** The identity of a workload's machines in a project. */
export function wantedServiceAccount(workload: Workload, account: string, by: By): Wanted<'iam.serviceAccounts'> {
  const { uid, name, namespace } = workload.metadata;
  const accountId = serviceAccountName(uid);
  return {
    ...ownedIn(workload, by),
    account,
    scope: 'global',
    type: 'iam.serviceAccounts',
    name: accountId,
    body: serviceAccountBody({
      displayName: `Workload ${namespace}/${name}`,
      marker: { ownerKind: 'Workload', ownerUid: uid },
    }),
    specHash: accountId,
    facts: { email: serviceAccountEmail(account, accountId) },
  };
}

/** A Kubernetes secret as a workload's machines in a project can read it; what is in it comes as a version. */
export function wantedSecret(
  workload: Workload,
  secret: Secret,
  account: string,
  by: By,
): Wanted<'secretmanager.secrets'> {
  const { uid } = workload.metadata;
  const name = secretName(uid, secret.metadata.uid);
  return {
    ...ownedIn(workload, by),
    account,
    scope: 'global',
    type: 'secretmanager.secrets',
    name,
    body: secretBody({ ownerKind: 'Workload', ownerUid: uid }),
    // A secret that was written anew is looked at at once, whatever went wrong with it before.
    specHash: `${name} ${sourceOf(secret)}`,
  };
}

/** What a version holds: each key with its value in base64, which keeps any bytes. */
export function payloadOf(secret: Secret): Buffer {
  const entries = Object.entries(secret.data ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify(Object.fromEntries(entries)));
}

/** Changes whenever the secret is written. */
export function sourceOf({ metadata }: Secret): string {
  return `${metadata.uid}/${metadata.resourceVersion}`;
}
