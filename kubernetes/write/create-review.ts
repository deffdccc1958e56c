import type { Resource } from '../../kinds/object.ts';
import { decodeBody } from '../body/decode-body.ts';
import { contentType } from '../form/form.ts';
import { formOf } from '../form/negotiate.ts';
import { renderObject } from '../form/render.ts';
import type { Answer, Call } from '../http/call.ts';
import type { Parts } from '../http/parts.ts';
import type { Target } from '../http/target.ts';
import { review } from '../reviews/review.ts';

/** POST of a review: the question with its answer. */
export async function createReview(call: Call, { served, namespace }: Target, parts: Parts): Promise<Answer> {
  const form = formOf(call, served);
  const { value } = decodeBody({
    bytes: await call.body(),
    contentType: call.headers['content-type'],
    shape: served,
  });
  const { authenticate, authority } = parts;
  const where = namespace === '' ? {} : { namespace };
  const answered = await review({ served, object: value, identity: call.identity, ...where, authority, authenticate });
  return { status: 201, type: contentType(form), body: renderObject(form, served, answered as Resource) };
}
