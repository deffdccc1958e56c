import type { ConfigMap, InstanceSpec, Location, Secret, Workload } from '../../kinds/generated/types.ts';
import { serviceAccountEmail, serviceAccountName, secretName } from '../clouds/gcp/names.ts';
import { secretBody } from '../clouds/gcp/secrets.ts';
import { serviceAccountBody } from '../clouds/gcp/service-accounts.ts';
import type { Wanted } from '../gcp-objects/ensure.ts';
import { placeOf } from '../gcp-objects/location.ts';
import { type By, ownedIn } from '../gcp-objects/owned.ts';
import { mostParts, partName, partsFact, partsOf, sourceOf } from '../gcp-objects/spill.ts';

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

/** Something that a workload's machines in a project read as a secret; what is in it comes as a version. */
export interface Readable {
  readonly name: string;
  /** Changes whenever the content does. */
  readonly source: string;
  readonly payload: () => Buffer;
  readonly facts?: Readonly<Record<string, string>>;
}

export function readableSecret(workload: Workload, secret: Secret): Readable {
  return {
    name: secretName(workload.metadata.uid, secret.metadata.uid),
    source: sourceOf(secret),
    payload: () => payloadOf(secret),
  };
}

/** The parts of a config map that is too large for the metadata of machines. */
export function readableParts(workload: Workload, map: ConfigMap): Readable[] {
  const parts = partsOf(map);
  return parts.map((payload, index) => ({
    name: partName(workload.metadata.uid, map, index),
    source: sourceOf(map),
    payload: () => payload,
    ...(index === 0 ? { facts: { [partsFact]: `${parts.length}` } } : {}),
  }));
}

/** Names of all parts that a config map may have had. */
export function namesOfParts(workload: Workload, map: ConfigMap): string[] {
  return Array.from({ length: mostParts }, (_, index) => partName(workload.metadata.uid, map, index));
}

export function wantedSecret(
  workload: Workload,
  { name, source }: Readable,
  account: string,
  by: By,
): Wanted<'secretmanager.secrets'> {
  return {
    ...ownedIn(workload, by),
    account,
    scope: 'global',
    type: 'secretmanager.secrets',
    name,
    body: secretBody({ ownerKind: 'Workload', ownerUid: workload.metadata.uid }),
    // What was written anew is looked at at once, whatever went wrong with it before.
    specHash: `${name} ${source}`,
  };
}

/** What a version holds: each key with its value in base64, which keeps any bytes. */
function payloadOf(secret: Secret): Buffer {
  const entries = Object.entries(secret.data ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify(Object.fromEntries(entries)));
}
