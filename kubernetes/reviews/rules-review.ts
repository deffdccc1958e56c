import { badRequest } from '../status/refusals.ts';
import { specOf, textOf } from './read-spec.ts';
import type { ReviewCall, Reviewed } from './review.ts';

/** What may I do in a namespace? Everything, for those who may; of others it says that it does not know all. */
export async function rulesReview({ served, object, identity, authorise }: ReviewCall): Promise<Reviewed> {
  const namespace = textOf(specOf(served.kind, object), 'namespace');
  if (namespace === '') throw badRequest('no namespace on request');
  const everything = { verb: '*', group: '*', version: '*', resource: '*', namespace };
  const [resources, paths] = await Promise.all([
    authorise(identity, everything),
    authorise(identity, { verb: '*', path: '*' }),
  ]);
  return {
    // A real server does not repeat what was asked.
    spec: {},
    status: {
      resourceRules: resources.allowed ? [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }] : [],
      nonResourceRules: paths.allowed ? [{ verbs: ['*'], nonResourceURLs: ['*'] }] : [],
      incomplete: !resources.allowed || !paths.allowed,
    },
  };
}
