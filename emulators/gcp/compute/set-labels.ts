import type { JsonObject } from '../core/json.ts';
import { objectAt, stringAt } from '../core/json.ts';
import type { LatencyRange, Mutation, RequestBody } from './resource-type.ts';
import { requireFingerprint } from './rules.ts';
import { labelFields } from './resources/labels.ts';

const AT_ONCE: LatencyRange = [0, 0];

/** `setLabels`: the full replacement of the labels, for types that have them. Most are done when the call is answered. */
export function setLabelsOf(
  what: string,
  message: RequestBody['message'],
  more: { readonly latencyMs?: LatencyRange; complete?(body: JsonObject): JsonObject } = {},
): Mutation {
  const { latencyMs = AT_ONCE, complete = (body: JsonObject) => body } = more;
  return {
    httpMethod: 'POST',
    verb: 'setLabels',
    operationType: 'setLabels',
    permission: 'setLabels',
    request: { message, writable: ['labelFingerprint', 'labels'] },
    latencyMs,
    apply(_target, { body }, sent) {
      const current = stringAt(body, 'labelFingerprint') ?? '';
      requireFingerprint(sent['labelFingerprint'], current, 'labelFingerprint', what);
      const { labels: _replaced, ...rest } = body;
      return complete({ ...rest, ...labelFields(objectAt(sent, 'labels')) });
    },
  };
}
