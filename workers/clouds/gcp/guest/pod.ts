/** A container, as a user writes it, with the sources of its variables resolved. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly env?: readonly Variable[];
  readonly ports?:
    | readonly { readonly name: string; readonly port: number; readonly protocol?: string | null }[]
    | null;
  readonly resources?: object | null;
  readonly volumeAttachments?: readonly { readonly name: string; readonly mountPath?: string | null }[] | null;
}

/** A variable with its value, or with the version and key of a secret where the machine finds it. */
export type Variable = { readonly name: string } & (
  | { readonly value: string }
  | { readonly fromSecret: { readonly version: string; readonly key: string } }
);

/** A volume that is a folder in the guest. */
export interface FolderVolume {
  readonly name: string;
  readonly folder: string;
  readonly readOnly: boolean;
}

/** Manifest of the static pod that runs a sandbox, on the machine's own network. */
export function podManifest(containers: readonly Container[], volumes: readonly FolderVolume[]): object {
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
        .map(({ name, folder }) => ({ name, hostPath: { path: folder, type: 'DirectoryOrCreate' } })),
    },
  };
}

function containerManifest(container: Container, volumes: readonly FolderVolume[]): object {
  const { name, image, env, ports, resources, volumeAttachments } = container;
  const mounts = (volumeAttachments ?? []).flatMap((attachment) => {
    const volume = volumes.find((one) => one.name === attachment.name);
    return volume !== undefined && attachment.mountPath
      ? [{ name: attachment.name, mountPath: attachment.mountPath, readOnly: volume.readOnly }]
      : [];
  });
  return {
    name,
    image,
    ...(env?.length ? { env } : {}),
    ...(ports?.length
      ? {
          ports: ports.map((port) => ({ name: port.name, containerPort: port.port, protocol: port.protocol ?? 'TCP' })),
        }
      : {}),
    ...(resources ? { resources } : {}),
    ...(mounts.length > 0 ? { volumeMounts: mounts } : {}),
  };
}
