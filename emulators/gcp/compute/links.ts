/** The host in every link of an answer, whatever host was called. */
const ROOT = 'https://www.googleapis.com/compute/v1/';

/** Links made lately: thousands of resources refer to the same few, and share one text for each. */
const known = new Map<string, string>();
const KNOWN_LINKS = 2_000;

/** A full URL for a key such as `projects/p/global/networks/n`. */
export function linkOf(key: string): string {
  return ROOT + key;
}

/** The same, for what many resources refer to. */
export function sharedLink(key: string): string {
  let link = known.get(key);
  if (link === undefined) {
    if (known.size >= KNOWN_LINKS) known.clear();
    link = linkOf(key);
    known.set(key, link);
  }
  return link;
}

/** Where a short reference starts from. */
export interface ReferenceBase {
  readonly project: string;
  readonly region?: string;
  readonly zone?: string;
}

/**
 * The key that a reference means: a full URL of any version and host, `projects/…`, `global/…`, `regions/…`, `zones/…`,
 * or `collection/name` within the base's zone. Undefined when it is none of these.
 */
export function keyOf(reference: string, base: ReferenceBase): string | undefined {
  const projects = reference.indexOf('projects/');
  const isUrl = /^https?:\/\//.test(reference);
  if (projects === 0 || (isUrl && projects > 0)) return keyWithScope(reference.slice(projects));
  if (isUrl) return undefined;
  return keyWithScope(`projects/${base.project}/${reference.replace(/^\/+/, '')}`);
}

function keyWithScope(key: string): string | undefined {
  const form = /^projects\/[^/]+\/(?:global|regions\/[^/]+|zones\/[^/]+)\/[a-zA-Z]+\/(?:family\/)?[^/]+$/;
  return form.test(key) ? key : undefined;
}
