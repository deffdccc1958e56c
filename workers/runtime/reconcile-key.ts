import type { ReconcileKey } from './controller.ts';

/** A key as one text; the queue never holds two waiting jobs of one text. Names cannot hold a slash. */
export function textOfKey({ project, kind = '', namespace, name }: ReconcileKey): string {
  return [project, kind, namespace, name].join('/');
}

/** The way back. */
export function keyOfText(text: string): ReconcileKey {
  const [project = '', kind = '', namespace = '', ...name] = text.split('/');
  return { project, ...(kind === '' ? {} : { kind }), namespace, name: name.join('/') };
}
