import type { ConfigMap, Instance, Secret, SecretVersionStatus } from '../../kinds/generated/types.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import { readableVersion, secretRow } from '../gcp-objects/identity.ts';
import { describe, reasonOf } from '../gcp-objects/reasons.ts';
import { filesOf, readableParts } from '../gcp-objects/spill.ts';
import type { Missing } from './plan.ts';

/** What was read of the objects that an instance refers to; undefined where there is none. */
export interface Content {
  readonly configMaps: ReadonlyMap<string, ConfigMap | undefined>;
  readonly secrets: ReadonlyMap<string, Secret | undefined>;
  /** Rows of the workload. */
  readonly rows: readonly CloudResource[];
  readonly workloadUid: string;
  readonly account: string;
  readonly email: string;
}

/** Names that volumes, variables and images of an instance refer to. */
export function namesUsed({ spec }: Pick<Instance, 'spec'>): {
  readonly configMaps: string[];
  readonly secrets: string[];
} {
  const sources = (spec.runtime.sandbox?.containers ?? []).flatMap(({ env }) =>
    (env ?? []).flatMap(({ valueFrom }) => valueFrom ?? []),
  );
  const volumes = spec.volumes ?? [];
  const configMaps = [
    ...volumes.flatMap(({ configMap }) => configMap?.name ?? []),
    ...sources.flatMap(({ configMapKeyRef }) => configMapKeyRef?.name ?? []),
  ];
  const secrets = [
    ...volumes.flatMap(({ secret }) => secret?.secretName ?? []),
    ...sources.flatMap(({ secretKeyRef }) => secretKeyRef?.name ?? []),
    ...(spec.runtime.sandbox?.imagePullSecrets ?? []).map(({ name }) => name),
  ];
  return { configMaps: [...new Set(configMaps)].toSorted(), secrets: [...new Set(secrets)].toSorted() };
}

/** Keys of a config map with their content in base64; undefined where there is none and there need not be one. */
export function configMapContent(
  { configMaps }: Content,
  name: string,
  optional: boolean,
): { readonly keys: Readonly<Record<string, string>> } | undefined | Missing {
  const found = configMaps.get(name);
  if (found === undefined)
    return optional ? undefined : { reason: 'ConfigMapNotFound', message: `Unable to find config map "${name}"` };
  return { keys: filesOf(found) };
}

/** Versions in which the machine finds a config map that does not fit into its metadata. */
export function spilledContent(content: Content, name: string, map: ConfigMap): { readonly parts: string[] } | Missing {
  const parts = readableParts(content.rows, content, map);
  return parts === undefined
    ? { reason: 'ProvisioningConfigMap', message: `Config map "${name}" is being put where the machine can read it` }
    : { parts };
}

/** The version of a secret that the machine can read, and its keys; undefined where there is none and need not be one. */
export function secretContent(
  content: Content,
  name: string,
  optional: boolean,
): { readonly version: string; readonly keys: readonly string[] } | undefined | Missing {
  const found = content.secrets.get(name);
  if (found === undefined)
    return optional ? undefined : { reason: 'SecretNotFound', message: `Unable to find secret "${name}"` };
  const row = secretRow(content.rows, content.account, content.workloadUid, found);
  const version = readableVersion(row, content.email);
  if (version !== undefined) return { version, keys: Object.keys(found.data ?? {}) };
  if (row?.error === undefined || row.retryAt === undefined)
    return { reason: 'ProvisioningSecret', message: `Secret "${name}" is being put where the machine can read it` };
  const message = describe({ at: 'failed', row, failure: row.error, retryAt: row.retryAt });
  return { reason: reasonOf(row.error) ?? 'ProvisioningSecret', message };
}

/** The versions of the secrets that an instance uses, as far as they can be read. */
export function secretVersionsOf(instance: Instance, content: Content): SecretVersionStatus[] {
  return namesUsed(instance).secrets.flatMap((name) => {
    const found = secretContent(content, name, true);
    if (found === undefined || isMissing(found)) return [];
    return [{ name, version: found.version.slice(found.version.lastIndexOf('/') + 1) }];
  });
}

export function isMissing(value: object | undefined): value is Missing {
  return value !== undefined && 'reason' in value;
}
