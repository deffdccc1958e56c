import { instanceType, instanceTypeNames } from '../../kinds/compute/instance-types.ts';
import { countName, counted, kindCounted } from '../../kinds/core/quota-rules.ts';
import type { Project, ResourceQuota } from '../../kinds/generated/types.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { Resource } from '../../kinds/object.ts';
import { jsonEqual } from '../../kinds/schema/json.ts';
import { controlPlaneOf } from '../control-plane.ts';
import { exactAmount } from './amounts.ts';

/** Limits as objects declare them: quantities by what they name. */
type Declared = Readonly<Record<string, string | number>>;

const gib = 2 ** 30;

/**
 * What a write does to limits, as the database's `quota_set` takes it; undefined where it does nothing. A project's limits
 * are those of its control plane, in which nothing can be made any more once the project is being deleted.
 */
export function limitsOfChange(
  project: string,
  kind: Kind,
  after: Resource | undefined,
  before: Resource | undefined,
): string | undefined {
  const object = after ?? before;
  if (object === undefined) return undefined;
  switch (kind.id) {
    case 'ResourceQuota': {
      const [next, previous] = [after, before].map((one) => (one as ResourceQuota | undefined)?.spec?.hard ?? {});
      if (jsonEqual(next, previous)) return undefined;
      const { namespace = '', name } = object.metadata;
      return limitsText({ project, namespace, quota: name, sealed: false }, next);
    }
    case 'Project': {
      const [next, previous] = [after, before].map((one) => (one as Project | undefined)?.spec?.quotas ?? {});
      const [sealed, wasSealed] = [isGoing(after), before !== undefined && isGoing(before)];
      if (jsonEqual(next, previous) && sealed === wasSealed) return undefined;
      return limitsText({ project: controlPlaneOf(object), namespace: '', quota: '', sealed }, next);
    }
    default:
      return undefined;
  }
}

function isGoing(project: Resource | undefined): boolean {
  return project?.metadata.deletionTimestamp !== undefined || project === undefined;
}

function limitsText(whose: object, declared: Declared = {}): string {
  const limits = Object.entries(declared).flatMap(([resource, quantity]) => {
    const what = counted(resource);
    const hard = exactAmount(quantity);
    if (what === undefined || hard === undefined) return [];
    const kind = what.by === 'objects' ? kindCounted(what)?.id : undefined;
    return [{ resource, counts: countName(what), kind: kind ?? null, hard }];
  });
  return JSON.stringify({ ...whose, limits, types });
}

const types = Object.fromEntries(
  instanceTypeNames().map((name) => {
    const size = instanceType(name);
    return [name, { cpu: size?.cpus ?? 0, memory: (size?.memoryGib ?? 0) * gib }];
  }),
);
