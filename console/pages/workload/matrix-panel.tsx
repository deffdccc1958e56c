import type { Workload, WorkloadDeployment } from '../../../sdk/main.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ToneIcon } from '../../components/icons.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Link } from '../../routing/link.tsx';
import { pathOf, paths } from '../../routing/paths.ts';
import { type Cell, matrixOf } from './workload-view.ts';

interface MatrixPanelProps {
  readonly workload: Workload;
  readonly deployments: readonly WorkloadDeployment[];
}

/** Which placement runs where, and how many of its instances are ready there. */
export function MatrixPanel({ workload, deployments }: MatrixPanelProps) {
  const { cities, rows } = matrixOf(workload, deployments);
  return (
    <Panel title="Placements by city" flush>
      {rows.length === 0 ? (
        <EmptyState title="No placements" />
      ) : (
        <PlainTable
          label="Placements by city"
          head={['Placement', ...cities]}
          rows={rows.map(({ placement, cells }) => ({
            key: placement,
            cells: [placement, ...cells.map((cell, at) => <MatrixCell key={cities[at]} cell={cell} />)],
          }))}
        />
      )}
    </Panel>
  );
}

function MatrixCell({ cell }: { readonly cell: Cell | undefined }) {
  if (cell === undefined) return <span className="muted">–</span>;
  const { deployment, health, ready, desired } = cell;
  return (
    <Link
      to={pathOf('WorkloadDeployment', deployment.metadata) ?? paths.overview}
      className="matrix-cell"
      title={health.condition?.message}
    >
      <ToneIcon tone={health.tone} />
      <span>
        {ready}/{desired} ready
      </span>
      <span className="muted">{health.tone === 'good' ? deployment.status?.location?.name : health.label}</span>
    </Link>
  );
}
