import type { PolicyRule } from '../../kinds/admit.ts';
import { badRequest } from '../status/refusals.ts';
import { specOf, textOf } from './read-spec.ts';
import type { ReviewCall, Reviewed } from './review.ts';

/** What may I do in a namespace? */
export function rulesReview({ served, object, identity, authority }: ReviewCall): Promise<Reviewed> {
  const namespace = textOf(specOf(served.kind, object), 'namespace');
  if (namespace === '') throw badRequest('no namespace on request');
  const rules = authority.rulesFor(identity, namespace);
  return Promise.resolve({
    // A real server does not repeat what was asked.
    spec: {},
    status: {
      resourceRules: rules.filter((rule) => !isAboutPaths(rule)).map(resourceRule),
      nonResourceRules: rules.filter(isAboutPaths).map(pathRule),
      incomplete: false,
    },
  });
}

function isAboutPaths({ nonResourceURLs }: PolicyRule): boolean {
  return Boolean(nonResourceURLs?.length);
}

function resourceRule({ verbs, apiGroups, resources, resourceNames }: PolicyRule): object {
  return {
    verbs: verbs ?? [],
    apiGroups: apiGroups ?? [],
    resources: resources ?? [],
    ...(resourceNames?.length ? { resourceNames } : {}),
  };
}

function pathRule({ verbs, nonResourceURLs }: PolicyRule): object {
  return { verbs: verbs ?? [], nonResourceURLs };
}
