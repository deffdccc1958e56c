import type { Datum } from '../client/create-datum.ts';
import type { Kind, Metadata } from '../client/kind.ts';
import type { CallOptions } from '../client/options.ts';
import { shapeOf } from '../client/shape.ts';
import { allKinds } from '../generated/kinds.ts';
import { conditionsOf, isOutdated, type StatusCondition } from '../wait/conditions.ts';
import { adviceFor } from './advice.ts';
import { edgesOf, isTransparent } from './edges.ts';
import type { Cause, ObjectName } from './explain.types.ts';

/** Objects that one relation is followed to. */
const maxObjects = 100;
/** Causes with the same reason that are looked into; the others are counted. */
const maxAlike = 3;
/** Steps from the object to the leaf; more than the kinds have. */
const maxDepth = 10;

interface Found {
  readonly metadata: Metadata & { readonly deletionTimestamp?: string; readonly finalizers?: readonly string[] };
  readonly kind: string;
  readonly [relation: string]: unknown;
}

/**
 * Why an object is not ready: the chain of causes down to the leaf. A cause with state `ready` and no causes means that
 * nothing is wrong. Reads, and so shows, only what the client's token may see.
 */
export async function explainWhy(client: Datum, object: ObjectName, options: CallOptions = {}): Promise<Cause> {
  const seen = new Set<string>();

  async function read(kind: Kind, { namespace, name }: ObjectName): Promise<Found | undefined> {
    const { find } = client[kind.many as keyof typeof allKinds] as unknown as {
      find(which: object): Promise<Found | undefined>;
    };
    const own = Object.keys(shapeOf(kind)).map((field) => [field, true] as const);
    const relations = edgesOf(kind, true).map((field) => [field, selectRelated(kind, field)] as const);
    const select = Object.fromEntries([...own, ...relations]);
    return find({ ...(kind.namespaced ? { namespace } : {}), name, ...options, select });
  }

  async function explain(name: ObjectName, depth: number): Promise<Cause> {
    seen.add(keyOf(name));
    const kind = kindsByType.get(name.kind);
    if (kind === undefined) return { object: name, state: 'ready', conditions: [], causes: [], others: 0 };
    const found = await read(kind, name);
    if (found === undefined) return missing(name);
    const conditions = failing(found);
    const { deletionTimestamp } = found.metadata;
    const state = deletionTimestamp !== undefined ? 'deleting' : conditions.length > 0 ? 'notReady' : 'ready';
    const follow = (state !== 'ready' || isTransparent(name.kind)) && depth < maxDepth;
    const { causes, others } = follow ? await behind(kind, found, conditions, depth) : { causes: [], others: 0 };
    const since = [deletionTimestamp, ...conditions.map(({ lastTransitionTime }) => lastTransitionTime)]
      .filter((time) => time !== undefined)
      .toSorted()[0];
    return {
      object: name,
      state,
      conditions,
      ...(since === undefined ? {} : { since }),
      ...(state !== 'ready' && causes.length === 0 ? await atLeaf(name, found, conditions) : {}),
      causes,
      others,
    };
  }

  /** The objects behind one that is not ready which are not ready either. */
  async function behind(kind: Kind, found: Found, conditions: readonly StatusCondition[], depth: number) {
    const isGated = conditions.some(({ reason }) => reason === 'SchedulingGatesPresent');
    const next = edgesOf(kind, isGated).flatMap((field) => objectsOf(found[field]));
    const alike = new Map<string, number>();
    const causes: Cause[] = [];
    let others = 0;
    for (const each of next) {
      const name = { kind: each.kind, namespace: each.metadata.namespace, name: each.metadata.name };
      const reason = failing(each)[0]?.reason;
      if (
        seen.has(keyOf(name)) ||
        (reason === undefined && !isTransparent(each.kind) && each.metadata.deletionTimestamp === undefined)
      )
        continue;
      const group = `${each.kind} ${reason}`;
      const count = alike.get(group) ?? 0;
      alike.set(group, count + 1);
      if (count >= maxAlike && reason !== undefined) others += 1;
      else {
        const cause = await explain(name, depth + 1);
        if (cause.state !== 'ready') causes.push(cause);
        else causes.push(...cause.causes);
      }
    }
    return { causes, others };
  }

  /** What helps where nothing else is to blame. */
  async function atLeaf(
    name: ObjectName,
    found: Found,
    conditions: readonly StatusCondition[],
  ): Promise<Pick<Cause, 'advice' | 'warning'>> {
    const { deletionTimestamp, finalizers = [] } = found.metadata;
    const advice =
      deletionTimestamp === undefined
        ? adviceFor(conditions[0]?.reason ?? '')
        : `It goes when ${finalizers.join(', ') || 'what it owns'} is done; see what still uses it.`;
    const fieldSelector = `involvedObject.kind=${name.kind},involvedObject.name=${name.name},type=Warning`;
    const list = client.events.list({
      namespace: name.namespace,
      fieldSelector,
      orderBy: 'CREATED_DESC',
      pageSize: 1,
      ...options,
    });
    const [event] = (await list.page()).items;
    if (event === undefined) return { advice };
    const { lastTimestamp, message = '', reason = '' } = event;
    return { advice, warning: { reason, message, ...(lastTimestamp === undefined ? {} : { at: lastTimestamp }) } };
  }

  return explain(object, 0);
}

const kindsByType = new Map<string, Kind>(Object.values(allKinds).map((kind) => [kind.type, kind]));

/** What must be known of related objects: who they are, and how they are. */
function selectRelated(kind: Kind, field: string): object {
  const [how, to = ''] = kind.relations[field]?.split(' ') ?? [];
  const target = kindsByType.get(to);
  const nodes = {
    kind: true,
    metadata: { namespace: true, name: true, uid: true, generation: true, deletionTimestamp: true },
    ...(target !== undefined && shapeOf(target)['status']?.['conditions'] ? { status: { conditions: true } } : {}),
  };
  return how === 'owned' || how === 'referrers' ? { $: { first: maxObjects }, nodes } : nodes;
}

function missing(object: ObjectName): Cause {
  return { object, state: 'missing', conditions: [], advice: 'Create it, or name another.', causes: [], others: 0 };
}

/** Conditions that do not hold. Those that were said of an older generation count, as they are all there is. */
function failing(object: object): StatusCondition[] {
  return conditionsOf(object).filter((condition) => condition.status !== 'True' || isOutdated(object, condition));
}

function objectsOf(relation: unknown): readonly Found[] {
  if (relation === undefined) return [];
  if (Array.isArray(relation)) return relation as Found[];
  const { nodes } = relation as { readonly nodes?: readonly Found[] };
  return nodes ?? [relation as Found];
}

function keyOf({ kind, namespace = '', name }: ObjectName): string {
  return `${kind} ${namespace}/${name}`;
}
