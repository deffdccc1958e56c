import { useMemo } from 'react';
import { buttonClass } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ToneIcon } from '../../components/icons.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Panel } from '../../components/panel.tsx';
import { Link } from '../../routing/link.tsx';
import { paths } from '../../routing/paths.ts';
import { useNamespace } from '../../routing/scope.ts';
import { useTitle } from '../../routing/use-title.ts';
import { AilingList } from './ailing-list.tsx';
import { ailingGroups } from './attention.ts';
import { KindTiles } from './kind-tiles.tsx';
import { useAllObjects } from './use-all-objects.ts';
import './overview.css';

/** Where none of these is, nothing was declared. */
const firstKinds = ['locations', 'networks', 'workloads'];

/** What needs a human, or that all is well; and how much there is. */
export function OverviewPage() {
  useTitle('Overview');
  const namespace = useNamespace();
  const all = useAllObjects();
  const isComplete = all.every(({ isSynced }) => isSynced);
  const objects = all.map((each) => each.objects);
  // Watches hand out the same list until something changes.
  // oxlint-disable-next-line react-hooks/exhaustive-deps
  const groups = useMemo(() => ailingGroups(objects.flat()), objects);
  const needy = groups.filter(({ tone }) => tone !== 'busy');
  const busy = groups.filter(({ tone }) => tone === 'busy');
  const count = objects.reduce((sum, each) => sum + each.length, 0);
  const isEmpty = all.every((each) => !firstKinds.includes(each.known.facts.many) || each.objects.length === 0);
  return (
    <div className="stack">
      <PageHead title="Overview" about={namespace === undefined ? 'All namespaces' : `Namespace ${namespace}`} />
      {!isComplete ? (
        <p className="muted">Looking at everything …</p>
      ) : isEmpty ? (
        <FirstSteps />
      ) : (
        <>
          <Verdict needy={needy.reduce((sum, each) => sum + each.objects.length, 0)} busy={busy.length} count={count} />
          <KindTiles all={all} />
          {needy.length > 0 && (
            <Panel title="Needs a human" flush>
              <AilingList groups={needy} />
            </Panel>
          )}
          {busy.length > 0 && (
            <Panel title="Under way" flush>
              <AilingList groups={busy} />
            </Panel>
          )}
        </>
      )}
    </div>
  );
}

function Verdict({ needy, busy, count }: { readonly needy: number; readonly busy: number; readonly count: number }) {
  const tone = needy > 0 ? 'bad' : busy > 0 ? 'busy' : 'good';
  const text =
    needy > 0
      ? `${needy === 1 ? 'One object needs' : `${needy} objects need`} a human.`
      : busy > 0
        ? 'Nothing needs you: the control plane is at work.'
        : 'All is well.';
  return (
    <div className={`verdict on-${tone}`} role="status">
      <ToneIcon tone={tone} size={22} />
      <p>
        <strong>{text}</strong> {count.toLocaleString()} objects are looked at.
      </p>
    </div>
  );
}

function FirstSteps() {
  return (
    <div className="panel">
      <EmptyState
        title="Nothing is declared yet"
        actions={
          <>
            <Link to={paths.create('locations')} className={buttonClass('primary')}>
              Create a location
            </Link>
            <Link to={paths.create('networks')} className={buttonClass('plain')}>
              Create a network
            </Link>
            <Link to={paths.create('workloads')} className={buttonClass('plain')}>
              Create a workload
            </Link>
          </>
        }
      >
        Locations say where things can run, a network is one address space over them, and a workload runs instances in
        it. You declare them here, with <code>kubectl apply</code> or through GraphQL; the control plane makes them
        real, and this page says what needs you.
      </EmptyState>
    </div>
  );
}
