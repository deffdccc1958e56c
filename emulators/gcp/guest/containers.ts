import { createRequire } from 'node:module';
import type { Json } from '../core/json.ts';
import { isObject, objectAt, objectsAt, stringAt } from '../core/json.ts';
import type { CloudConfig } from './cloud-config.ts';

const MANIFESTS = /^\/etc\/kubernetes\/manifests\/[^/]+\.(ya?ml|json)$/;

/** A container that the machine's kubelet runs from a static manifest. */
export interface Container {
  readonly pod: string;
  readonly name: string;
  readonly image: string;
}

/**
 * The containers of the pods whose manifests are written, once something starts a kubelet. A program of the machine may
 * take a manifest from metadata too: `pods` are texts of JSON that hold one as `pod`.
 */
export function containersOf({ files, commands }: CloudConfig, pods: readonly string[] = []): readonly Container[] {
  if (!commands.some((command) => /\bkubelet\b/.test(command))) return [];
  const written = files
    .filter(({ path }) => MANIFESTS.test(path))
    .map(({ content }) => parseManifest(content.toString()));
  return [...written, ...pods.map(podIn)].flatMap((pod) => {
    if (!isObject(pod) || pod['kind'] !== 'Pod') return [];
    const name = stringAt(objectAt(pod, 'metadata'), 'name') ?? 'pod';
    return objectsAt(objectAt(pod, 'spec'), 'containers').map((container) => ({
      pod: name,
      name: stringAt(container, 'name') ?? '',
      image: stringAt(container, 'image') ?? '',
    }));
  });
}

function podIn(text: string): Json {
  const document = parseManifest(text);
  return isObject(document) ? objectAt(document, 'pod') : null;
}

function parseManifest(text: string): Json {
  try {
    const { parse } = createRequire(import.meta.url)('yaml') as { parse(source: string): unknown };
    return parse(text) as Json;
  } catch {
    return null;
  }
}
