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

/** The containers of the pods whose manifests are written, once something starts a kubelet. */
export function containersOf({ files, commands }: CloudConfig): readonly Container[] {
  if (!commands.some((command) => /\bkubelet\b/.test(command))) return [];
  return files
    .filter(({ path }) => MANIFESTS.test(path))
    .flatMap(({ content }) => {
      const pod = parseManifest(content.toString());
      if (!isObject(pod) || pod['kind'] !== 'Pod') return [];
      const name = stringAt(objectAt(pod, 'metadata'), 'name') ?? 'pod';
      return objectsAt(objectAt(pod, 'spec'), 'containers').map((container) => ({
        pod: name,
        name: stringAt(container, 'name') ?? '',
        image: stringAt(container, 'image') ?? '',
      }));
    });
}

function parseManifest(text: string): Json {
  try {
    const { parse } = createRequire(import.meta.url)('yaml') as { parse(source: string): unknown };
    return parse(text) as Json;
  } catch {
    return null;
  }
}
