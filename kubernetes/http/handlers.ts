import { readDefinitions } from '../definitions/read-definitions.ts';
import { getObject } from '../read/get-object.ts';
import { listObjects } from '../read/list-objects.ts';
import { getLog } from '../read/get-log.ts';
import { getScale } from '../read/get-scale.ts';
import type { Verb } from '../served/served.ts';
import { watchObjects } from '../watch/watch-objects.ts';
import { createObject } from '../write/create-object.ts';
import { createReview } from '../write/create-review.ts';
import { createToken } from '../write/create-token.ts';
import { deleteCollection } from '../write/delete-collection.ts';
import { deleteObject } from '../write/delete-object.ts';
import { patchObject } from '../write/patch-object.ts';
import { updateObject } from '../write/update-object.ts';
import type { Answer, Call } from './call.ts';
import type { Parts } from './parts.ts';
import type { Target } from './target.ts';

export type ResourceHandler = (call: Call, target: Target, parts: Parts) => Promise<Answer>;

const stored: Readonly<Record<Verb, ResourceHandler>> = {
  create: createObject,
  get: getObject,
  list: listObjects,
  watch: watchObjects,
  update: updateObject,
  patch: patchObject,
  delete: deleteObject,
  deletecollection: deleteCollection,
};

/** The handler of a verb, by what is behind the resource. */
export function handlerOf({ served, subresource }: Target, verb: Verb): ResourceHandler {
  switch (served.source) {
    case 'review':
      return createReview;
    case 'definitions':
      return readDefinitions;
    case 'stored':
      if (subresource?.name === 'token') return createToken;
      if (subresource?.name === 'log') return getLog;
      return subresource?.name === 'scale' && verb === 'get' ? getScale : stored[verb];
  }
}
