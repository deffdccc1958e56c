import type { ReactNode } from 'react';
import { buttonClass } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { StatusPill } from '../../components/status.tsx';
import type { TabItem } from '../../components/tabs.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { type AnyObject, fullName } from '../../catalog/any-object.ts';
import { healthOf } from '../../catalog/health.ts';
import { nameOfKind, titleOfKind } from '../../catalog/kind-names.ts';
import type { KnownKind } from '../../catalog/known-kinds.ts';
import { Link } from '../../routing/link.tsx';
import { type ObjectKey, paths } from '../../routing/paths.ts';
import { useParameter } from '../../routing/scope.ts';
import { useTitle } from '../../routing/use-title.ts';
import { EventsTab } from '../events/events-tab.tsx';
import { HistoryTab } from '../history/history-tab.tsx';
import { YamlTab } from '../yaml/yaml-tab.tsx';
import { ObjectActions } from './object-actions.tsx';
import { useObject } from './use-object.ts';

interface ObjectFrameProps {
  readonly known: KnownKind;
  readonly objectKey: ObjectKey;
  /** The first tab. */
  readonly summary: (object: AnyObject) => ReactNode;
  /** Tabs behind the first that only this kind has. */
  readonly tabs?: (object: AnyObject) => readonly TabItem[];
}

/** What the page of every object has: its name and state, what can be done, and views of it. */
export function ObjectFrame({ known, objectKey, summary, tabs }: ObjectFrameProps) {
  const { facts } = known;
  const live = useObject(known, objectKey);
  const [tab = 'summary', setTab] = useParameter('tab');
  useTitle(`${objectKey.name} · ${titleOfKind(facts)}`);
  const one = nameOfKind(facts);
  switch (live.state) {
    case 'loading':
      return <p className="muted">Loading …</p>;
    case 'failed':
      return <ErrorNotice what={`The ${one} could not be read`} error={live.error} />;
    case 'missing':
    case 'deleted':
      return (
        <EmptyState
          isPage
          title={
            live.state === 'missing'
              ? `There is no ${one} ${fullName(objectKey)}`
              : `The ${one} ${fullName(objectKey)} was deleted`
          }
          actions={
            <Link to={paths.list(facts.plural)} className={buttonClass('primary')}>
              To all {titleOfKind(facts).toLowerCase()}
            </Link>
          }
        >
          {live.state === 'missing'
            ? 'It may have been deleted, have another name, or be in another namespace. What your token may not see looks the same.'
            : 'If somebody makes it anew, it shows here at once.'}
        </EmptyState>
      );
    case 'there': {
      const { object } = live;
      const health = healthOf(object);
      return (
        <div className="stack">
          <PageHead
            title={object.metadata.name}
            trail={
              <nav aria-label="Where this is">
                <Link to={paths.list(facts.plural)}>{titleOfKind(facts)}</Link>
                {object.metadata.namespace !== undefined && ` / ${object.metadata.namespace}`}
              </nav>
            }
            beside={
              health.tone !== 'idle' && (
                <StatusPill tone={health.tone} label={health.label} title={health.condition?.message} />
              )
            }
            actions={<ObjectActions known={known} object={object} />}
          />
          <Tabs
            label={`Views of ${object.metadata.name}`}
            value={tab}
            onChange={(id) => setTab(id === 'summary' ? undefined : id)}
            tabs={[
              { id: 'summary', label: 'Summary', content: () => summary(object) },
              ...(tabs?.(object) ?? []),
              { id: 'yaml', label: 'YAML', content: () => <YamlTab known={known} object={object} /> },
              { id: 'events', label: 'Events', content: () => <EventsTab object={object} /> },
              { id: 'history', label: 'History', content: () => <HistoryTab known={known} object={object} /> },
            ]}
          />
        </div>
      );
    }
  }
}
