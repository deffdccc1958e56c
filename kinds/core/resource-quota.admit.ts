import type { ResourceQuota } from '../generated/types.ts';
import { forbidden, type Problem } from '../problem.ts';
import { withoutEmpty } from './without-empty.ts';
import { isObject } from '../schema/json.ts';
import { limitProblems } from './quota-rules.ts';

/** Leaves out what is empty. */
export function prepare(next: ResourceQuota): ResourceQuota {
  // What has the wrong shape is left for the schema to refuse.
  if (!isObject(next.spec)) return next;
  return { ...next, spec: withoutEmpty(next.spec, ['hard', 'scopes', 'scopeSelector']) };
}

/** Limits that can be kept; no scopes. */
export function admit({ spec }: ResourceQuota): Problem[] {
  const noScopes = 'scopes choose pods, of which there are none';
  return [
    ...limitProblems('spec.hard', spec?.hard, 'Namespaced'),
    ...(spec?.scopes === undefined ? [] : [forbidden('spec.scopes', noScopes)]),
    ...(spec?.scopeSelector === undefined ? [] : [forbidden('spec.scopeSelector', noScopes)]),
  ];
}
