import { stringify } from 'yaml';
import { type Client, clientOf } from './client.ts';
import type { KubectlProgram } from './clients.ts';
import { freshNamespace, type Server } from './server.ts';

/** A kubectl in a namespace of its own. */
export interface Kubectl extends Client {
  readonly minor: number;
  readonly namespace: string;
}

/** A kubectl whose commands mean a fresh namespace unless they say otherwise. */
export async function kubectlIn(server: Server, { minor, path }: KubectlProgram): Promise<Kubectl> {
  const namespace = await freshNamespace(server, 'kubectl-');
  return { ...clientOf(server, path, ['--namespace', namespace]), minor, namespace };
}

/** As YAML of version 1.1, in which kubectl would take a bare `n` for false. */
export function yaml(object: object): string {
  return stringify(object, { version: '1.1' });
}

/** Manifest of a network; `more` goes into its metadata and spec. */
export function networkYaml(name: string, more: { metadata?: object; spec?: object } = {}): string {
  return yaml({
    apiVersion: 'networking.datumapis.com/v1alpha',
    kind: 'Network',
    metadata: { name, ...more.metadata },
    spec: { ipam: { mode: 'Auto' }, ...more.spec },
  });
}

/** Manifest of a config map. */
export function configMapYaml(name: string, data: Readonly<Record<string, string>>, metadata: object = {}): string {
  return yaml({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data });
}
