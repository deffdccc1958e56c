import { configMapFolder, secretFolder } from './user-data.ts';

/** A container, as a user writes it; environment variables whose value comes from elsewhere are left out. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly env?:
    | readonly { readonly name: string; readonly value?: string | null; readonly valueFrom?: unknown }[]
    | null;
  readonly ports?:
    | readonly { readonly name: string; readonly port: number; readonly protocol?: string | null }[]
    | null;
  readonly resources?: object | null;
  readonly volumeAttachments?: readonly { readonly name: string; readonly mountPath?: string | null }[] | null;
}

/** A volume of files, by the folder in the guest that holds them. */
export type FileVolume = { readonly name: string } & ({ readonly configMap: string } | { readonly secret: string });

/** Folder in the guest that holds the files of a volume. */
export function folderOf(volume: FileVolume): string {
  return 'configMap' in volume ? configMapFolder(volume.configMap) : secretFolder(volume.secret);
}

/** Manifest of the static pod that runs a sandbox, on the machine's own network. */
export function podManifest(containers: readonly Container[], volumes: readonly FileVolume[]): object {
  const mounted = new Set(
    containers.flatMap(({ volumeAttachments }) => (volumeAttachments ?? []).map(({ name }) => name)),
  );
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'instance', namespace: 'default' },
    spec: {
      hostNetwork: true,
      dnsPolicy: 'Default',
      restartPolicy: 'Always',
      containers: containers.map((container) => containerManifest(container, volumes)),
      volumes: volumes
        .filter(({ name }) => mounted.has(name))
        .map((volume) => ({ name: volume.name, hostPath: { path: folderOf(volume), type: 'DirectoryOrCreate' } })),
    },
  };
}

function containerManifest(container: Container, volumes: readonly FileVolume[]): object {
  const { name, image, env, ports, resources, volumeAttachments } = container;
  const mounts = (volumeAttachments ?? []).flatMap((attachment) => {
    const isFiles = volumes.some((volume) => volume.name === attachment.name);
    return isFiles && attachment.mountPath
      ? [{ name: attachment.name, mountPath: attachment.mountPath, readOnly: true }]
      : [];
  });
  return {
    name,
    image,
    ...(env?.length
      ? {
          env: env
            .filter(({ valueFrom }) => !valueFrom)
            .map((variable) => ({ name: variable.name, value: variable.value ?? '' })),
        }
      : {}),
    ...(ports?.length
      ? {
          ports: ports.map((port) => ({ name: port.name, containerPort: port.port, protocol: port.protocol ?? 'TCP' })),
        }
      : {}),
    ...(resources ? { resources } : {}),
    ...(mounts.length > 0 ? { volumeMounts: mounts } : {}),
  };
}
