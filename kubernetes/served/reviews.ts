import type { Served } from './served.ts';

/** Questions about access: created, answered and forgotten. */
export const reviews: readonly Served[] = [
  review('authentication.k8s.io', 'SelfSubjectReview', false),
  review('authentication.k8s.io', 'TokenReview', false),
  review('authorization.k8s.io', 'LocalSubjectAccessReview', true),
  review('authorization.k8s.io', 'SelfSubjectAccessReview', false),
  review('authorization.k8s.io', 'SelfSubjectRulesReview', false),
  review('authorization.k8s.io', 'SubjectAccessReview', false),
];

function review(group: string, kind: string, namespaced: boolean): Served {
  return {
    group,
    version: 'v1',
    kind,
    plural: `${kind.toLowerCase()}s`,
    singular: kind.toLowerCase(),
    listKind: `${kind}List`,
    namespaced,
    shortNames: [],
    categories: [],
    verbs: ['create'],
    subresources: [],
    style: 'built-in',
    source: 'review',
  };
}
