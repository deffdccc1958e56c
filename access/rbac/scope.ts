import type { PolicyRule } from '../../kinds/admit.ts';
import type { Decision, PathAttributes, ResourceAttributes } from '../authorise.ts';
import { matchesPath, matchesResource, type ResourceQuestion } from './match.ts';

/** A rule that somebody has, and how they came by it. */
export interface Grant {
  readonly rule: PolicyRule;
  /** Such as `RBAC: allowed by RoleBinding "editors/acme" of ClusterRole "edit" to Group "dev"`. */
  readonly reason: string;
}

/** For which names a question is answered with yes. */
export interface Answer {
  readonly all: Decision | undefined;
  readonly byName: ReadonlyMap<string, Decision> | undefined;
}

/** What somebody may do in one namespace, or everywhere. */
export interface Scope {
  readonly rules: readonly PolicyRule[];
  resource(question: ResourceQuestion): Answer;
  path(wanted: PathAttributes): Decision | undefined;
}

/** Questions whose answers are kept; reviews may ask for anything, so there is a limit. */
const mostAnswers = 2048;

/** A scope of these grants. Each question is worked out once, however many rules there are. */
export function createScope(grants: readonly Grant[]): Scope {
  const answers = new Map<string, Answer>();
  const paths = grants.filter(({ rule }) => rule.nonResourceURLs?.length);
  return {
    rules: grants.map(({ rule }) => rule),
    resource(question) {
      const { verb, group, resource, subresource = '' } = question;
      const key = `${verb} ${group}/${resource}/${subresource}`;
      let answer = answers.get(key);
      if (answer === undefined) {
        if (answers.size >= mostAnswers) answers.clear();
        answers.set(key, (answer = answerOf(grants, question)));
      }
      return answer;
    },
    path(wanted) {
      const grant = paths.find(({ rule }) => matchesPath(rule, wanted));
      return grant && { allowed: true, reason: grant.reason };
    },
  };
}

function answerOf(grants: readonly Grant[], question: ResourceQuestion): Answer {
  let byName: Map<string, Decision> | undefined;
  for (const { rule, reason } of grants) {
    if (!matchesResource(rule, question)) continue;
    if (!rule.resourceNames?.length) return { all: { allowed: true, reason }, byName: undefined };
    byName ??= new Map();
    for (const name of rule.resourceNames) if (!byName.has(name)) byName.set(name, { allowed: true, reason });
  }
  return { all: undefined, byName };
}

/** The answer for one name; undefined for no. */
export function forName({ all, byName }: Answer, { name }: Pick<ResourceAttributes, 'name'>): Decision | undefined {
  return all ?? byName?.get(name ?? '');
}
