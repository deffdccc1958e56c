import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Status } from '../../components/status.tsx';
import { Age } from '../../components/time.tsx';
import type { AnyObject } from '../../catalog/any-object.ts';
import { wordsOf } from '../../catalog/health.ts';
import { knownKinds } from '../../catalog/known-kinds.ts';
import type { EventKind } from '../../../sdk/main.ts';
import { useLive } from '../../live/use-live.ts';

type Event = EventKind['object'];
const events = knownKinds.get('events');

/** When an event was seen last. */
function timeOf(event: Event): string {
  return event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? '';
}

/** What happened to an object, the latest first, live. */
export function EventsTab({ object }: { readonly object: AnyObject }) {
  const { kind, metadata } = object;
  const { error, isSynced, objects } = useLive(
    events && {
      kind: events.kind,
      namespace: metadata.namespace,
      fieldSelector: `involvedObject.kind=${kind},involvedObject.name=${metadata.name}`,
    },
  );
  if (error !== undefined) return <ErrorNotice what="The events could not be read" error={error} />;
  if (!isSynced) return <p className="muted">Loading …</p>;
  if (objects.length === 0)
    return (
      <EmptyState title="No events">
        Controllers write events when something happens to the object. They are kept for a bounded time.
      </EmptyState>
    );
  const sorted = (objects as unknown as Event[]).toSorted((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1));
  return (
    <Panel title="Events" flush>
      <PlainTable
        label="Events"
        head={['What', 'Message', 'Times', 'Last seen']}
        rows={sorted.map((event) => ({
          key: event.metadata.uid,
          cells: [
            <Status
              key="what"
              tone={event.type === 'Warning' ? 'warn' : 'good'}
              label={wordsOf(event.reason ?? event.type ?? '')}
            />,
            event.message,
            event.count ?? 1,
            <Age key="age" time={timeOf(event)} />,
          ],
        }))}
      />
    </Panel>
  );
}
