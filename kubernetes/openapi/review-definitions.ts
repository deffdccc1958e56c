import { flag, list, mapOf, object, text, type ApiSchema } from './api-schema.ts';

type Parts = Readonly<Record<string, ApiSchema>>;

const words = (description: string): ApiSchema => list(description, { type: 'string' });

const resourceAttributes = object('A request for objects.', {
  namespace: text('Namespace of the request; empty for all.'),
  verb: text('get, list, watch, create, update, patch, delete, deletecollection, or `*`.'),
  group: text('API group, or `*`.'),
  version: text('API version, or `*`.'),
  resource: text('Plural resource, or `*`.'),
  subresource: text('Part of the resource, such as status.'),
  name: text('Name of the object; empty for all.'),
});

const nonResourceAttributes = object('A request for a path that holds no objects.', {
  path: text('Path of the request.'),
  verb: text('HTTP method in lower case.'),
});

const user = object('A user.', {
  username: text('Name of the user.'),
  uid: text('Uid of the user.'),
  groups: words('Groups of the user.'),
  extra: mapOf('What the authenticator says beyond.', words('Values.')),
});

const question = { resourceAttributes, nonResourceAttributes };

const subject = object('Who wants what.', {
  ...question,
  user: text('Name of the user.'),
  uid: text('Uid of the user.'),
  groups: words('Groups of the user.'),
  extra: mapOf('What the authenticator says beyond.', words('Values.')),
});

const decision = object(
  'The answer.',
  {
    allowed: flag('Whether it is allowed.'),
    denied: flag('Whether it is forbidden, whatever others say.'),
    reason: text('Why.'),
    evaluationError: text('What kept the answer from being complete.'),
  },
  ['allowed'],
);

/** Fields of the review kinds beside their metadata. */
export const reviewParts: Readonly<Record<string, Parts>> = {
  SelfSubjectAccessReview: { spec: object('What I want.', question), status: decision },
  SubjectAccessReview: { spec: subject, status: decision },
  LocalSubjectAccessReview: { spec: subject, status: decision },
  SelfSubjectRulesReview: {
    spec: object('Where.', { namespace: text('Namespace to tell the rules of.') }),
    status: object(
      'What I may do there.',
      {
        resourceRules: list(
          'Rules for objects.',
          object(
            'A rule.',
            {
              verbs: words('What may be done.'),
              apiGroups: words('API groups.'),
              resources: words('Plural resources.'),
              resourceNames: words('Names of objects; empty for all.'),
            },
            ['verbs'],
          ),
        ),
        nonResourceRules: list(
          'Rules for paths.',
          object('A rule.', { verbs: words('What may be done.'), nonResourceURLs: words('Paths.') }, ['verbs']),
        ),
        incomplete: flag('Whether there may be more.'),
        evaluationError: text('What kept the answer from being complete.'),
      },
      ['resourceRules', 'nonResourceRules', 'incomplete'],
    ),
  },
  SelfSubjectReview: { status: object('Who I am.', { userInfo: user }) },
  TokenReview: {
    spec: object('What is asked.', {
      token: text('The bearer token.'),
      audiences: words('Whom the token should be for.'),
    }),
    status: object('The answer.', {
      authenticated: flag("Whether the token is somebody's."),
      user,
      audiences: words('Whom the token is for, of those asked.'),
      error: text("Why the token is nobody's."),
    }),
  },
};
