import type { Secret } from '../generated/types.ts';
import { invalid, required, tooLong, type Problem } from '../problem.ts';
import { isObject, setOwn } from '../schema/json.ts';
import { immutableProblems, keyProblems, maxDataBytes } from './data-rules.ts';
import { withoutEmpty } from './without-empty.ts';

/** Merges `stringData`, which is never stored, into `data`, where it wins; leaves out what is empty. */
export function prepare(next: Secret): Secret {
  return withoutEmpty(merged(next), ['data', 'type']);
}

function merged(next: Secret): Secret {
  const { stringData, ...rest } = next;
  if (stringData === undefined || stringData === null) return rest;
  // What has the wrong shape is left for the schema to refuse.
  if (
    !isObject(stringData) ||
    !isObject(rest.data ?? {}) ||
    Object.values(stringData).some((text) => typeof text !== 'string')
  )
    return next;
  const data: Record<string, string> = { ...rest.data };
  for (const [key, text] of Object.entries(stringData)) setOwn(data, key, Buffer.from(text).toString('base64'));
  return { ...rest, data };
}

/** Keys, size, what the type needs, and what is fixed. No message shows a value. */
export function admit(next: Secret, previous: Secret | undefined): Problem[] {
  const { data = {} } = next;
  const bytes = Object.values(data).reduce((sum, text) => sum + Buffer.byteLength(text, 'base64'), 0);
  return [
    ...keyProblems('data', data),
    ...(bytes > maxDataBytes ? [tooLong('data', maxDataBytes)] : []),
    ...typeProblems(next),
    ...(previous !== undefined && next.type !== previous.type
      ? [invalid('type', next.type, 'field is immutable')]
      : []),
    ...immutableProblems(next, previous, ['data']),
  ];
}

function typeProblems({ type, data = {}, metadata }: Secret): Problem[] {
  const missing = (...keys: string[]): Problem[] =>
    keys.filter((key) => !Object.hasOwn(data, key)).map((key) => required(`data[${key}]`));
  switch (type) {
    case 'kubernetes.io/dockerconfigjson':
      return [...missing('.dockerconfigjson'), ...jsonProblems('.dockerconfigjson', data)];
    case 'kubernetes.io/dockercfg':
      return [...missing('.dockercfg'), ...jsonProblems('.dockercfg', data)];
    case 'kubernetes.io/tls':
      return missing('tls.crt', 'tls.key');
    case 'kubernetes.io/ssh-auth':
      return missing('ssh-privatekey');
    case 'kubernetes.io/basic-auth': {
      // One of the two is enough.
      const both = missing('password', 'username');
      return both.length === 2 ? both : [];
    }
    case 'kubernetes.io/service-account-token':
      return metadata.annotations?.['kubernetes.io/service-account.name']
        ? []
        : [required('metadata.annotations[kubernetes.io/service-account.name]')];
    default:
      return [];
  }
}

function jsonProblems(key: string, data: Record<string, string>): Problem[] {
  const text = data[key];
  if (text === undefined) return [];
  try {
    JSON.parse(Buffer.from(text, 'base64').toString());
    return [];
  } catch {
    return [invalid(`data[${key}]`, '<secret contents redacted>', 'must be JSON')];
  }
}
