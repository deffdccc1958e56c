import type { ReactNode } from 'react';
import { Age } from '../../components/time.tsx';
import { ChangeList } from './change-list.tsx';
import type { HistoryEntry } from './history.types.ts';
import './timeline.css';

interface TimelineProps<T extends HistoryEntry> {
  readonly label: string;
  readonly entries: readonly T[];
  /** What was written; left out where all entries are of one object. */
  readonly subject?: (entry: T) => ReactNode;
  /** Called with an actor that is chosen. */
  readonly onActor?: (actor: string) => void;
}

const doors: Readonly<Record<string, string>> = {
  graphql: 'through GraphQL',
  kubernetes: 'through Kubernetes',
  internal: '',
};

/** Writes, the latest first, each with the fields that it changed. */
export function Timeline<T extends HistoryEntry>({ label, entries, subject, onActor }: TimelineProps<T>) {
  return (
    <ol className="timeline" aria-label={label}>
      {entries.map((entry, at) => (
        <li key={`${entry.time} ${entry.resourceVersion ?? ''} ${at}`} className="timeline-entry">
          <p>
            {onActor === undefined ? (
              <strong>{entry.actor}</strong>
            ) : (
              <button type="button" className="timeline-actor" title="Only theirs" onClick={() => onActor(entry.actor)}>
                {entry.actor}
              </button>
            )}
            {entry.impersonator !== undefined && ` (${entry.impersonator} as them)`} {verbOf(entry)} {subject?.(entry)}{' '}
            <span className="muted">{doors[entry.door] ?? entry.door}</span>
            <span className="muted timeline-time">
              {entry.manager !== undefined && entry.manager !== entry.actor && `as ${entry.manager} · `}
              <Age time={entry.time} /> ago
            </span>
          </p>
          <ChangeList changes={entry.changes} more={entry.moreChanges} />
        </li>
      ))}
    </ol>
  );
}

function verbOf({ verb, subresource }: HistoryEntry): string {
  const words: Readonly<Record<string, string>> = {
    create: 'created',
    update: 'changed',
    patch: 'changed',
    apply: 'applied',
    delete: 'deleted',
    deletecollection: 'deleted',
  };
  return `${words[verb] ?? verb}${subresource === undefined ? '' : ` the ${subresource}`}`;
}
