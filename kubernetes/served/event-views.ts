import type { Event } from '../../kinds/generated/types.ts';
import type { Resource } from '../../kinds/object.ts';
import { coreNames, newNames, renameKeys, renamePath } from './event-fields.ts';
import { eventsVersion, withShownManagers, withStoredManagers } from './event-managers.ts';
import { eventProblems } from './event-problems.ts';
import type { View } from './served.ts';

/** The core version is how events are stored, but shows times and reporters that it does not have. */
export const coreEventView: View = {
  outward: (stored) => withShownManagers(withAbsent(stored as Event, { reporter: '' })),
  inward: (shown) => withStoredManagers(withoutNulls(shown)),
  selector(path) {
    if (path === 'source') return 'source.component';
    return path.startsWith('source.') ? undefined : path;
  },
};

/** The same objects with the names of events.k8s.io. */
export const newEventView: View = {
  outward(stored) {
    const { apiVersion: _, ...shown } = withShownManagers(withAbsent(stored as Event, {}));
    return { apiVersion: eventsVersion, ...renameKeys(shown, newNames) };
  },
  inward(shown) {
    const { apiVersion: _, ...sent } = withStoredManagers(withoutNulls(shown));
    return { apiVersion: 'v1', ...renameKeys(sent, coreNames) };
  },
  selector(path) {
    const stored = renamePath(path, coreNames);
    // Names of the core version are none here.
    return stored === path && newNames.has(path.split('.')[0] ?? '') ? undefined : stored;
  },
  problems: eventProblems,
};

function withAbsent(event: Event, { reporter }: { readonly reporter?: string }): Resource {
  return {
    eventTime: null,
    firstTimestamp: null,
    lastTimestamp: null,
    source: {},
    ...(reporter === undefined ? {} : { reportingComponent: reporter, reportingInstance: reporter }),
    ...event,
  } as Resource;
}

function withoutNulls(shown: Resource): Resource {
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== null)) as unknown as Resource;
}
