import type { Instance } from '../../../sdk/main.ts';
import { healthOf } from '../../catalog/health.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Status } from '../../components/status.tsx';
import { Age } from '../../components/time.tsx';
import { Link } from '../../routing/link.tsx';
import { pathOf, paths } from '../../routing/paths.ts';
import { addressesOf, anyOf } from './workload-view.ts';

/** Instances that are shown here; the list of instances has all. */
const maxShown = 100;

/** The machines of a workload, live. */
export function InstancesPanel({ instances }: { readonly instances: readonly Instance[] }) {
  const sorted = instances.toSorted((a, b) => a.metadata.name.localeCompare(b.metadata.name, 'en', { numeric: true }));
  return (
    <Panel title={`Instances (${instances.length})`} flush>
      {instances.length === 0 ? (
        <EmptyState title="No instances yet">
          The control plane makes one for each replica of each city, as soon as there is a location for it.
        </EmptyState>
      ) : (
        <PlainTable
          label="Instances"
          head={['Instance', 'State', 'Location', 'Addresses', 'Template', 'Age']}
          rows={sorted.slice(0, maxShown).map((instance) => {
            const { metadata, spec, status } = instance;
            const health = healthOf(anyOf(instance));
            const isCurrent = spec.controller?.templateHash === status?.controller?.observedTemplateHash;
            return {
              key: metadata.uid,
              cells: [
                <Link key="name" to={pathOf('Instance', metadata) ?? paths.overview}>
                  {metadata.name}
                </Link>,
                <Status key="state" tone={health.tone} label={health.label} title={health.condition?.message} />,
                spec.location?.name ?? '–',
                addressesOf(instance).join(', ') || '–',
                isCurrent ? 'current' : 'being changed',
                <Age key="age" time={metadata.creationTimestamp} />,
              ],
            };
          })}
        />
      )}
    </Panel>
  );
}
