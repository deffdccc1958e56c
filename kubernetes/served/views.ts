import { coreEventView, newEventView } from './event-views.ts';
import { roleView } from './role-view.ts';
import type { Served, View } from './served.ts';

const views: Readonly<Record<string, View>> = { Event: coreEventView, Role: roleView, ClusterRole: roleView };

/** How the objects of a kind are shown at its own group and version, where that differs from how they are stored. */
export function viewOf(kindId: string): View | undefined {
  return Object.hasOwn(views, kindId) ? views[kindId] : undefined;
}

/** Further groups and versions at which the objects of a stored resource are shown. */
export function additionalVersions(served: Served): Served[] {
  return served.stored?.id === 'Event' ? [{ ...served, group: 'events.k8s.io', view: newEventView }] : [];
}
