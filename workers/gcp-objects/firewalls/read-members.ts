import type { Key } from '../../../kinds/object.ts';
import type { Change, RequestContext, Store } from '../../../store/types.ts';
import { isDeleting } from '../../objects/owner.ts';
import { isByController } from '../../objects/worker-context.ts';
import { isBy } from '../is-by.ts';
import { type Member, membersOf } from './members.ts';

/** The instances on a network, of all namespaces. */
export async function readMembers(store: Store, context: RequestContext, network: Key): Promise<Member[]> {
  const { items } = await store.list(context, 'Instance', { refersTo: { kind: 'Network', ...network } });
  return membersOf(network, items);
}

/** Whether a change of an instance can matter for who a rule is about: it came or goes, its labels, its addresses. */
export function concernsMembers(change: Change): boolean {
  return (
    change.type !== 'MODIFIED' || isDeleting(change.object) || !isByController(change) || isBy(change, 'gcp-instance')
  );
}
