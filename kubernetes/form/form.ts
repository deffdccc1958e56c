import type { IncludeObject } from '../table/table.ts';

/** In what shape and encoding an answer goes out. Two equal forms are the same object. */
export interface Form {
  /** The object itself, rows for people, or its metadata alone. */
  readonly as: 'object' | 'table' | 'metadata';
  readonly media: Media;
  /** Version of `meta.k8s.io` in which tables and metadata are. */
  readonly version: 'v1' | 'v1beta1';
  /** What the rows of a table carry of their objects. */
  readonly include: IncludeObject;
  /** The same text for the same form. */
  readonly key: string;
}

export type Media = 'json' | 'yaml' | 'protobuf';

const interned = new Map<string, Form>();

/** The form with these properties. There are few, so each is made once and kept. */
export function form(
  as: Form['as'],
  media: Media,
  version: Form['version'] = 'v1',
  include: IncludeObject = 'Metadata',
): Form {
  const key = `${as} ${media} ${version} ${include}`;
  let found = interned.get(key);
  if (found === undefined) {
    found = { as, media, version, include, key };
    interned.set(key, found);
  }
  return found;
}

/** What almost every client wants. Lists and watches in this form need nothing of this folder. */
export const plainJson = form('object', 'json');

const contentTypes = {
  json: 'application/json',
  yaml: 'application/yaml',
  protobuf: 'application/vnd.kubernetes.protobuf',
} as const satisfies Record<Media, string>;

/** Content type of an answer in this form. */
export function contentType({ media }: Pick<Form, 'media'>): string {
  return contentTypes[media];
}
