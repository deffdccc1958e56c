import { isDeepStrictEqual } from 'node:util';
import type { KindTypes } from '../../kinds/generated/types.ts';
import { type Condition, keyOf, type ObjectMeta } from '../../kinds/object.ts';
import type { RequestContext, Store } from '../../store/types.ts';
import type { Verdict } from './condition.ts';

/** Kinds whose status has conditions. */
export type StatusKind = {
  [K in keyof KindTypes]: KindTypes[K] extends { status?: { conditions?: Condition[] } } ? K : never;
}[keyof KindTypes];
type StatusOf<K extends StatusKind> = NonNullable<KindTypes[K]['status']>;

/** A controller's own part of a status; a field that is undefined is removed. */
export interface StatusPart<K extends StatusKind> {
  readonly verdicts: readonly Verdict[];
  readonly fields?: { readonly [F in keyof StatusOf<K>]?: StatusOf<K>[F] | undefined };
}

/**
 * Writes a controller's part of the status where it differs from what is there, and answers the object as it is then.
 * Writes of others in between are kept. Throws Conflict when the object was made anew, NotFound when it is gone.
 */
export async function writeStatus<K extends StatusKind>(
  store: Store,
  context: RequestContext,
  kind: K,
  object: KindTypes[K],
  part: StatusPart<K>,
): Promise<KindTypes[K]> {
  if (withPart(object, part) === undefined) return object;
  const { uid } = object.metadata;
  const written = await store.update(
    context,
    kind,
    keyOf(object),
    (current) => withPart(current as KindTypes[K], part) as typeof current,
    {
      subresource: 'status',
      uid,
      startFrom: object,
    },
  );
  return written.object as KindTypes[K];
}

/** The conditions with the verdicts in them; lastTransitionTime moves only where the status changes. */
export function withVerdicts(
  conditions: readonly Condition[],
  verdicts: readonly Verdict[],
  { observedGeneration, now = new Date() }: { observedGeneration?: number | undefined; now?: Date },
): Condition[] {
  const next = [...conditions];
  for (const verdict of verdicts) {
    const index = next.findIndex(({ type }) => type === verdict.type);
    const previous = next[index];
    const lastTransitionTime =
      previous?.status === verdict.status ? previous.lastTransitionTime : `${now.toISOString().slice(0, 19)}Z`;
    const condition = {
      ...verdict,
      ...(observedGeneration === undefined ? {} : { observedGeneration }),
      lastTransitionTime,
    };
    if (index === -1) next.push(condition);
    else next[index] = condition;
  }
  return next;
}

/** The object with the part in its status, or undefined when it is there already. */
function withPart<K extends StatusKind>(
  object: KindTypes[K],
  { verdicts, fields = {} }: StatusPart<K>,
): KindTypes[K] | undefined {
  const { generation }: ObjectMeta = object.metadata;
  const status = { ...object.status, ...fields };
  const conditions = withVerdicts(object.status?.conditions ?? [], verdicts, { observedGeneration: generation });
  const next = Object.fromEntries(Object.entries({ ...status, conditions }).filter(([, value]) => value !== undefined));
  return isDeepStrictEqual(next, { ...object.status, conditions: object.status?.conditions ?? [] })
    ? undefined
    : { ...object, status: next };
}
