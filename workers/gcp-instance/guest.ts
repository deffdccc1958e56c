import type { ConfigMap, Instance, Secret, Volume } from '../../kinds/generated/types.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import { type FileVolume, folderOf, podManifest } from '../clouds/gcp/guest/pod.ts';
import type { ConfigMapFiles, Guest, SecretFiles } from '../clouds/gcp/guest/user-data.ts';
import { readableVersion, secretRow } from '../gcp-objects/identity.ts';
import { describe, reasonOf } from '../gcp-objects/reasons.ts';
import type { Missing } from './plan.ts';

/** Mode of a config map's files where the volume does not say: what Kubernetes gives them. */
const configMapMode = 0o644;
/** Mode of a secret's files where the volume does not say: nobody but root reads them. */
const secretMode = 0o400;

/** What was read of the objects that an instance's volumes name; undefined where there is none. */
export interface Content {
  readonly configMaps: ReadonlyMap<string, ConfigMap | undefined>;
  readonly secrets: ReadonlyMap<string, Secret | undefined>;
  /** Rows of the workload. */
  readonly rows: readonly CloudResource[];
  readonly workloadUid: string;
  readonly account: string;
  readonly email: string;
}

/** Names that an instance's volumes refer to. */
export function namesUsed({ spec }: Instance): { readonly configMaps: string[]; readonly secrets: string[] } {
  const volumes = spec.volumes ?? [];
  return {
    configMaps: [...new Set(volumes.flatMap(({ configMap }) => configMap?.name ?? []))],
    secrets: [...new Set(volumes.flatMap(({ secret }) => secret?.secretName ?? []))],
  };
}

/** What the machine finds when it has booted, or what is missing for it. */
export function guestOf(instance: Instance, content: Content): Guest | Missing {
  const configMaps = new Map<string, ConfigMapFiles>();
  const secrets = new Map<string, SecretFiles>();
  for (const volume of instance.spec.volumes ?? []) {
    const missing = addConfigMap(volume, content, configMaps) ?? addSecret(volume, content, secrets);
    if (missing !== undefined) return missing;
  }
  const files = { configMaps: [...configMaps.values()], secrets: [...secrets.values()] };
  const volumes = (instance.spec.volumes ?? []).flatMap(fileVolumeOf);
  const { sandbox, virtualMachine } = instance.spec.runtime;
  if (sandbox) return { ...files, links: [], pod: podManifest(sandbox.containers, volumes) };
  const links = (virtualMachine?.volumeAttachments ?? []).flatMap(({ name, mountPath }) => {
    const volume = volumes.find((one) => one.name === name);
    return volume === undefined || !mountPath ? [] : [{ target: folderOf(volume), path: mountPath }];
  });
  return { ...files, links };
}

function fileVolumeOf({ name, configMap, secret }: Volume): FileVolume[] {
  if (configMap?.name) return [{ name, configMap: configMap.name }];
  return secret?.secretName ? [{ name, secret: secret.secretName }] : [];
}

function addConfigMap(
  { configMap }: Volume,
  { configMaps }: Content,
  files: Map<string, ConfigMapFiles>,
): Missing | undefined {
  const name = configMap?.name;
  if (!name || files.has(name)) return undefined;
  const found = configMaps.get(name);
  if (found === undefined) {
    return configMap.optional
      ? undefined
      : { reason: 'ConfigMapNotFound', message: `Unable to find config map "${name}"` };
  }
  const texts = Object.entries(found.data ?? {}).map(
    ([key, text]) => [key, Buffer.from(text).toString('base64')] as const,
  );
  files.set(name, {
    name,
    files: { ...Object.fromEntries(texts), ...found.binaryData },
    mode: configMap.defaultMode ?? configMapMode,
  });
  return undefined;
}

function addSecret({ secret }: Volume, content: Content, files: Map<string, SecretFiles>): Missing | undefined {
  const name = secret?.secretName;
  if (!name || files.has(name)) return undefined;
  const found = content.secrets.get(name);
  if (found === undefined)
    return secret.optional ? undefined : { reason: 'SecretNotFound', message: `Unable to find secret "${name}"` };
  const row = secretRow(content.rows, content.account, content.workloadUid, found);
  const version = readableVersion(row, content.email);
  if (version === undefined) {
    const failure =
      row?.error && row.retryAt ? { at: 'failed' as const, row, failure: row.error, retryAt: row.retryAt } : undefined;
    if (failure === undefined)
      return { reason: 'ProvisioningSecret', message: `Secret "${name}" is being put where the machine can read it` };
    return { reason: reasonOf(failure.failure) ?? 'ProvisioningSecret', message: describe(failure) };
  }
  files.set(name, { name, version, mode: secret.defaultMode ?? secretMode });
  return undefined;
}
