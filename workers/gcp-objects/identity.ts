import type { Secret } from '../../kinds/generated/types.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import { secretName } from '../clouds/gcp/names.ts';
import { secretVersionPath } from '../clouds/gcp/secrets.ts';

/** Facts of a secret's row: number of the newest version, what it was made from, who may read it, and older versions. */
export const secretFacts = { version: 'version', source: 'source', grantedTo: 'grantedTo', old: 'old' } as const;

/** Fact of a service account's row: who of the provider may run machines as it. */
export const actAsFact = 'actAs';

/** The service account of a workload in a project, among the workload's rows. */
export function serviceAccountRow(rows: readonly CloudResource[], account: string): CloudResource | undefined {
  return rows.find((row) => row.account === account && row.type === 'iam.serviceAccounts');
}

/** The Secret Manager secret of a workload that holds this secret, among the workload's rows. */
export function secretRow(
  rows: readonly CloudResource[],
  account: string,
  workloadUid: string,
  secret: Secret,
): CloudResource | undefined {
  const name = secretName(workloadUid, secret.metadata.uid);
  return rows.find((row) => row.account === account && row.type === 'secretmanager.secrets' && row.name === name);
}

/** Path of the version that machines read; undefined while there is none that they may read. */
export function readableVersion(row: CloudResource | undefined, email: string): string | undefined {
  const version = row?.facts[secretFacts.version];
  if (row === undefined || version === undefined || row.facts[secretFacts.grantedTo] !== email) return undefined;
  return secretVersionPath(row, version);
}
