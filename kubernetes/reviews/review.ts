import type { Authenticate } from '../../access/authenticate.ts';
import type { Authority } from '../../access/authorise.ts';
import type { Identity } from '../../access/identity.ts';
import { isObject } from '../../kinds/schema/json.ts';
import { groupVersion, type Served } from '../served/served.ts';
import { localAccessReview, selfAccessReview, subjectAccessReview } from './access-review.ts';
import { rulesReview } from './rules-review.ts';
import { selfSubjectReview } from './self-subject-review.ts';
import { tokenReview } from './token-review.ts';

/** A review that somebody asks for. */
export interface ReviewCall {
  readonly served: Served;
  /** The review as it was sent: a JSON object, otherwise of any shape. */
  readonly object: Readonly<Record<string, unknown>>;
  /** Who asks. */
  readonly identity: Identity;
  /** Namespace of the path, for reviews that have one. */
  readonly namespace?: string;
  readonly authority: Authority;
  readonly authenticate: Authenticate;
}

/** What a kind of review says of the one that was sent: at most a cleaned `spec`, and the answer. */
export interface Reviewed {
  readonly spec?: unknown;
  readonly status: unknown;
}

type Reviewer = (call: ReviewCall) => Promise<Reviewed>;

const reviewers: Readonly<Record<string, Reviewer>> = {
  SelfSubjectAccessReview: selfAccessReview,
  SubjectAccessReview: subjectAccessReview,
  LocalSubjectAccessReview: localAccessReview,
  SelfSubjectRulesReview: rulesReview,
  SelfSubjectReview: selfSubjectReview,
  TokenReview: tokenReview,
};

/**
 * Answers a review: the created object (201), with its metadata and spec as sent and the answer in `status`. Throws ApiError:
 * 422 for a question that is none, 400 for one of the wrong shape.
 */
export async function review(call: ReviewCall): Promise<object> {
  const { served, object } = call;
  const reviewer = reviewers[served.kind];
  if (reviewer === undefined) throw new Error(`No reviewer of ${served.kind}`);
  const { spec, status } = await reviewer(call);
  return {
    kind: served.kind,
    apiVersion: groupVersion(served),
    metadata: reviewMetadata(object['metadata']),
    ...(spec === undefined ? {} : { spec }),
    status,
  };
}

/** Metadata as it was sent, made now. */
function reviewMetadata(sent: unknown): object {
  const creationTimestamp = `${new Date().toISOString().slice(0, 19)}Z`;
  return { ...(isObject(sent) ? sent : {}), creationTimestamp };
}
