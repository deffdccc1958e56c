import type { AnyObject } from '../catalog/any-object.ts';
import { kindOfType } from '../catalog/known-kinds.ts';

/** Where an object is. */
export interface ObjectKey {
  readonly namespace?: string | undefined;
  readonly name: string;
}

const objectPath = (plural: string, { namespace, name }: ObjectKey): string =>
  [plural, ...(namespace === undefined ? [] : [namespace]), name].map(encodeURIComponent).join('/');

/** Paths of all pages, within a project. */
export const paths = {
  overview: '/',
  topology: '/topology',
  addresses: '/addresses',
  activity: '/activity',
  access: '/access',
  settings: '/settings',
  list: (plural: string) => `/resources/${plural}`,
  object: (plural: string, key: ObjectKey) => `/resources/${objectPath(plural, key)}`,
  create: (plural: string) => `/create/${plural}`,
  edit: (plural: string, key: ObjectKey) => `/edit/${objectPath(plural, key)}`,
};

/** Path of an object's page, by the name of its kind; undefined for a kind that is not known. */
export function pathOf(kind: string, key: ObjectKey): string | undefined {
  const known = kindOfType(kind);
  return known && paths.object(known.facts.plural, known.facts.namespaced ? key : { name: key.name });
}

/** Path of an object's page. */
export function pathOfObject({ kind, metadata }: AnyObject): string {
  return pathOf(kind, metadata) ?? paths.overview;
}
