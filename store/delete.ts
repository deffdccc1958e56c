import { countsGeneration, type Kind } from '../kinds/kind.ts';
import type { Key, Resource } from '../kinds/object.ts';
import { isProtected, protectionKey } from '../kinds/provider-annotations.ts';
import { copyJson } from '../kinds/schema/json.ts';
import { kindOf, type StoreCore } from './context.ts';
import { rootProject } from './control-plane.ts';
import { StoreError } from './errors.ts';
import { foregroundFinalizer, isHeld, orphanFinalizer } from './finalizers.ts';
import { replace } from './persist.ts';
import { timestamp } from './timestamp.ts';
import type { DeleteOptions, DeleteResult, Propagation, RequestContext } from './types.ts';
import { checkPreconditions, existing, unmet } from './update.ts';

/** Namespaces that exist as long as their project. */
export const permanentNamespaces = ['default', 'kube-system'] as const;

/** See Store.delete: removes at once what nothing holds, otherwise marks it and leaves it to its finalizers. */
export async function remove(
  core: StoreCore,
  context: RequestContext,
  kindId: string,
  key: Key,
  options: DeleteOptions = {},
): Promise<DeleteResult<Resource>> {
  const kind = kindOf(core, kindId);
  if (!options.atEndOfProject) refusePermanent(kind, key);
  for (;;) {
    const current = await existing(core, context, kind, key);
    if (context.rights !== undefined) refuseProtected(kind, current);
    checkVersion(kind, current, options.ifMatch);
    checkPreconditions(kind, current, options);
    const next = marked(core, kind, current, options.propagation ?? 'Background');
    if (next === undefined) return { object: current, deleted: false };
    const gone = !isHeld(next);
    const object = gone ? current : next;
    const written = await replace(core, context, kind, object, current, {
      dryRun: options.dryRun === true,
      remove: gone,
    });
    if (written !== undefined) {
      const { metadata } = object;
      const { revision } = written;
      return {
        object: options.dryRun ? object : { ...object, metadata: { ...metadata, resourceVersion: revision } },
        deleted: gone,
      };
    }
  }
}

function refusePermanent({ id, plural, group, name: kindName }: Kind, { name }: Key): void {
  const isPermanent =
    (id === 'Namespace' && (permanentNamespaces as readonly string[]).includes(name)) ||
    (id === 'Project' && name === rootProject);
  if (!isPermanent) return;
  const about = `${plural}${group && `.${group}`} "${name}"`;
  throw new StoreError('Forbidden', `${about} is forbidden: this ${kindName.toLowerCase()} may not be deleted`, {
    object: { kind: id, name },
  });
}

/** What its owner goes for, or a smaller number of replicas, the product still deletes: only requests are refused. */
function refuseProtected({ id, plural, group }: Kind, object: Resource): void {
  if (!isProtected(object)) return;
  const { name } = object.metadata;
  const about = `${plural}${group && `.${group}`} "${name}"`;
  const text = `it is protected from deletion; take the annotation ${protectionKey} away first`;
  throw new StoreError('Forbidden', `${about} is forbidden: ${text}`, { object: { kind: id, name } });
}

/** Throws Conflict when the object is no longer the version that was to be deleted. */
function checkVersion(kind: Kind, current: Resource, wanted: string | undefined): void {
  const { resourceVersion } = current.metadata;
  if (wanted === undefined || wanted === resourceVersion) return;
  const found = `the ResourceVersion in record (${resourceVersion}). The object might have been modified`;
  throw unmet(kind, current, `the ResourceVersion in the precondition (${wanted}) does not match ${found}`);
}

/** The object as it is once its deletion is asked for; undefined when that changes nothing. */
function marked(core: StoreCore, kind: Kind, current: Resource, propagation: Propagation): Resource | undefined {
  const next = copyJson(current) as Resource;
  const { metadata } = next;
  const wanted = { Background: undefined, Foreground: foregroundFinalizer, Orphan: orphanFinalizer }[propagation];
  const finalizers = (metadata.finalizers ?? []).filter(
    (one) => one !== foregroundFinalizer && one !== orphanFinalizer,
  );
  if (wanted !== undefined) finalizers.push(wanted);
  const first = metadata.deletionTimestamp === undefined;
  // A second request may still choose another propagation, but only where one was chosen explicitly.
  if (!first && (wanted === undefined || metadata.finalizers?.includes(wanted))) return undefined;
  if (first || wanted !== undefined) metadata.finalizers = finalizers;
  if (metadata.finalizers?.length === 0) delete metadata.finalizers;
  if (first) {
    metadata.deletionTimestamp = timestamp(core.now());
    metadata.deletionGracePeriodSeconds = 0;
    if (countsGeneration(kind)) metadata.generation = (metadata.generation ?? 0) + 1;
    if (kind.id === 'Namespace') next.status = { ...(next.status as object), phase: 'Terminating' };
  }
  return next;
}
