import type { Instance, SandboxContainer, SandboxRuntime, Volume } from '../../kinds/generated/types.ts';
import type {
  ConfigMapFiles,
  FileItem,
  Guest,
  MountedDisk,
  PullSecret,
  SecretFiles,
} from '../clouds/gcp/guest/document.ts';
import { type FolderVolume, podManifest, type Variable } from '../clouds/gcp/guest/pod.ts';
import { spilledConfigMaps } from '../gcp-objects/spill.ts';
import { configMapContent, type Content, isMissing, secretContent, spilledContent } from './content.ts';
import type { DataDisk } from './data-disks.ts';
import type { Missing } from './plan.ts';

/** Mode of a config map's files where the volume does not say: what Kubernetes gives them. */
const configMapMode = 0o644;
/** Mode of a secret's files where the volume does not say: nobody but root reads them. */
const secretMode = 0o400;

interface Parts {
  readonly disks: MountedDisk[];
  readonly configMaps: ConfigMapFiles[];
  readonly secrets: SecretFiles[];
  readonly folders: FolderVolume[];
  /** Names of the config maps that do not fit into the metadata. */
  readonly spilled: ReadonlySet<string>;
}

/** What the machine is to be like inside, or what is missing for it. */
export function guestOf(instance: Instance, content: Content, disks: readonly DataDisk[]): Guest | Missing {
  const spilled = spilledConfigMaps(instance.spec, content.configMaps);
  const parts: Parts = { disks: [], configMaps: [], secrets: [], folders: [], spilled };
  for (const [index, volume] of (instance.spec.volumes ?? []).entries()) {
    const missing = addVolume(instance, volume, index, content, disks, parts);
    if (missing !== undefined) return missing;
  }
  const { sandbox, virtualMachine } = instance.spec.runtime;
  const { folders, spilled: _, ...files } = parts;
  if (sandbox) {
    const versions = new Set<string>();
    const containers = [];
    for (const container of sandbox.containers) {
      const env = variablesOf(container, content, versions);
      if (!Array.isArray(env)) return env;
      containers.push({ ...container, env });
    }
    const pullSecrets = pullSecretsOf(sandbox, content);
    if (!Array.isArray(pullSecrets)) return pullSecrets;
    return { ...files, links: [], variableVersions: [...versions], pullSecrets, pod: podManifest(containers, folders) };
  }
  const links = (virtualMachine?.volumeAttachments ?? []).flatMap(({ name, mountPath }) => {
    // A disk is mounted where it belongs.
    const volume = folders.find((one) => one.name === name && one.readOnly);
    return volume === undefined || !mountPath ? [] : [{ target: volume.folder, path: mountPath }];
  });
  return { ...files, links, variableVersions: [] };
}

function addVolume(
  instance: Instance,
  volume: Volume,
  index: number,
  content: Content,
  disks: readonly DataDisk[],
  parts: Parts,
): Missing | undefined {
  const { name, configMap, secret, disk } = volume;
  if (configMap?.name) {
    const found = configMapContent(content, configMap.name, configMap.optional ?? false);
    const items = configMap.items ?? undefined;
    const fault = problem(found, items, configMap.optional ?? false, 'ConfigMap', configMap.name);
    if (fault !== undefined) return fault;
    const folder = folderIn(parts, configMapFolder(configMap.name), name, configMap);
    parts.folders.push({ name, folder, readOnly: true });
    const files = { folder, mode: configMap.defaultMode ?? configMapMode, ...withItems(items) };
    const map = content.configMaps.get(configMap.name);
    if (map !== undefined && parts.spilled.has(configMap.name)) {
      const spilled = spilledContent(content, configMap.name, map);
      if (isMissing(spilled)) return spilled;
      parts.configMaps.push({ ...files, ...spilled });
    } else parts.configMaps.push({ ...files, content: found !== undefined && !isMissing(found) ? found.keys : {} });
  } else if (secret?.secretName) {
    const found = secretContent(content, secret.secretName, secret.optional ?? false);
    const items = secret.items ?? undefined;
    const fault = problem(found, items, secret.optional ?? false, 'Secret', secret.secretName);
    if (fault !== undefined) return fault;
    const folder = folderIn(parts, secretFolder(secret.secretName), name, secret);
    parts.folders.push({ name, folder, readOnly: true });
    if (found !== undefined && !isMissing(found))
      parts.secrets.push({
        folder,
        mode: secret.defaultMode ?? secretMode,
        ...withItems(items),
        version: found.version,
      });
  } else if (disk?.template.spec.populator?.filesystem) {
    const made = disks.find(({ volume: of }) => of === name);
    const path = mountPathOf(instance, name);
    if (made === undefined || path === undefined) return undefined;
    parts.disks.push({ device: made.deviceName, path, sizeGb: made.sizeGb });
    parts.folders.push({ name, folder: path, readOnly: false });
  }
  return undefined;
}

/** Whether some of its config maps are read from where secrets are. */
export function hasSpilled({ configMaps }: Guest): boolean {
  return configMaps.some((files) => 'parts' in files);
}

/** What keeps a volume from being filled: an object that is not there, or a key that an item names. */
function problem(
  found: { readonly keys: readonly string[] | Readonly<Record<string, string>> } | Missing | undefined,
  items: readonly FileItem[] | undefined,
  optional: boolean,
  kind: 'ConfigMap' | 'Secret',
  name: string,
): Missing | undefined {
  if (found === undefined || isMissing(found)) return found;
  const keys: readonly string[] = Array.isArray(found.keys) ? found.keys : Object.keys(found.keys);
  const lacking = optional ? undefined : items?.find(({ key }) => !keys.includes(key));
  return lacking && keyMissing(kind, name, lacking.key);
}

function keyMissing(kind: 'ConfigMap' | 'Secret', name: string, key: string): Missing {
  const what = kind === 'Secret' ? 'Secret' : 'Config map';
  return { reason: `${kind}KeyNotFound`, message: `${what} "${name}" has no key "${key}"` };
}

/** Where a volume's files are: the folder of its object, or one of its own where it shows them in another way. */
function folderIn(parts: Parts, folder: string, volume: string, { items }: { items?: unknown }): string {
  const isTaken = parts.folders.some((one) => one.folder === folder);
  // No object has a ~ in its name.
  return isTaken || items ? `${folder}~${volume}` : folder;
}

function withItems(items: readonly FileItem[] | undefined): { items?: readonly FileItem[] } {
  if (items === undefined) return {};
  return { items: items.map(({ key, path, mode }) => ({ key, path, ...(mode == null ? {} : { mode }) })) };
}

function configMapFolder(name: string): string {
  return `/etc/configmaps/${name}`;
}

function secretFolder(name: string): string {
  return `/etc/secrets/content/${name}`;
}

/** Where the machine itself sees a disk; containers mount that. */
function mountPathOf({ spec }: Instance, volume: string): string | undefined {
  const { sandbox, virtualMachine } = spec.runtime;
  if (sandbox) return `/mnt/disks/datum-${volume}`;
  return virtualMachine?.volumeAttachments.find(({ name }) => name === volume)?.mountPath ?? undefined;
}

/** Keys under which secrets hold what a registry wants to know, the newer one first. */
const registryKeys = ['.dockerconfigjson', '.dockercfg'] as const;

function pullSecretsOf({ imagePullSecrets }: SandboxRuntime, content: Content): PullSecret[] | Missing {
  const found: PullSecret[] = [];
  for (const { name } of imagePullSecrets ?? []) {
    const secret = secretContent(content, name, false);
    if (isMissing(secret)) return secret;
    const key = registryKeys.find((one) => secret?.keys.includes(one));
    if (secret === undefined || key === undefined) return keyMissing('Secret', name, registryKeys[0]);
    found.push({ version: secret.version, key });
  }
  return found;
}

function variablesOf({ env }: SandboxContainer, content: Content, versions: Set<string>): Variable[] | Missing {
  const variables: Variable[] = [];
  for (const { name, value, valueFrom } of env ?? []) {
    const { configMapKeyRef, secretKeyRef } = valueFrom ?? {};
    if (configMapKeyRef) {
      const { name: of, key, optional } = configMapKeyRef;
      const found = configMapContent(content, of, optional ?? false);
      if (isMissing(found)) return found;
      const text = found && Object.hasOwn(found.keys, key) ? found.keys[key] : undefined;
      if (text !== undefined) variables.push({ name, value: Buffer.from(text, 'base64').toString() });
      else if (!optional) return keyMissing('ConfigMap', of, key);
    } else if (secretKeyRef) {
      const { name: of, key, optional } = secretKeyRef;
      const found = secretContent(content, of, optional ?? false);
      if (isMissing(found)) return found;
      if (found?.keys.includes(key)) {
        versions.add(found.version);
        variables.push({ name, fromSecret: { version: found.version, key } });
      } else if (!optional) return keyMissing('Secret', of, key);
    } else variables.push({ name, value: value ?? '' });
  }
  return variables;
}
