import type { Network, NetworkPolicy } from '../../../sdk/main.ts';
import { healthOf } from '../../catalog/health.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Status } from '../../components/status.tsx';
import { useLiveOf } from '../../live/use-live-of.ts';
import { directionsOf, rulesOf, selectorText } from '../../models/policy-words.ts';
import { Link } from '../../routing/link.tsx';
import { pathOf, paths } from '../../routing/paths.ts';
import { EffectiveRules } from './effective-rules.tsx';

/** What the policies of a network say, and what follows from all of them for one instance. */
export function PoliciesTab({ network }: { readonly network: Network }) {
  const { namespace, name } = network.metadata;
  const { objects, error, isSynced } = useLiveOf('networkPolicies', { namespace });
  if (error !== undefined) return <ErrorNotice what="The policies could not be read" error={error} />;
  const policies = objects
    .filter(({ spec }) => spec.network.name === name)
    .toSorted((a, b) => priorityOf(a) - priorityOf(b) || (a.metadata.name < b.metadata.name ? -1 : 1));
  return (
    <div className="stack">
      <Panel title="Policies" aside={<span className="muted">the lower number goes before</span>} flush>
        {policies.length === 0 ? (
          <EmptyState title={isSynced ? 'No policies yet' : 'Loading …'}>
            {isSynced &&
              'A policy says which traffic instances of the network accept and send. Without any, the interfaces of the workloads alone say so.'}
          </EmptyState>
        ) : (
          <PlainTable
            label="Policies of the network"
            head={['Policy', 'Priority', 'About', 'Rules', 'Instances', 'State']}
            rows={policies.map((policy) => {
              const { label, tone, condition } = healthOf(policy);
              return {
                key: policy.metadata.uid,
                cells: [
                  <Link key="name" to={pathOf('NetworkPolicy', policy.metadata) ?? paths.overview}>
                    {policy.metadata.name}
                  </Link>,
                  String(priorityOf(policy)),
                  selectorText(policy.spec.instanceSelector),
                  <Rules key="rules" policy={policy} />,
                  (policy.status?.matchedInstances ?? 0).toLocaleString(),
                  <Status key="state" tone={tone} label={label} title={condition?.message} />,
                ],
              };
            })}
          />
        )}
      </Panel>
      <EffectiveRules network={network} />
    </div>
  );
}

/** Priority of a policy that names none. */
const defaultPriority = 1_000;

function priorityOf({ spec }: NetworkPolicy): number {
  return spec.priority ?? defaultPriority;
}

function Rules({ policy }: { readonly policy: NetworkPolicy }) {
  const rules = rulesOf(policy);
  const closed = directionsOf(policy).filter((each) => rules.every(({ direction }) => direction !== each));
  return (
    <ul>
      {rules.map(({ direction, ports, peers }) => (
        <li key={`${direction} ${ports} ${peers}`}>
          {direction === 'Ingress' ? `In: ${ports} from ${peers}` : `Out: ${ports} to ${peers}`}
        </li>
      ))}
      {closed.map((direction) => (
        <li key={direction}>{direction === 'Ingress' ? 'In: nothing' : 'Out: nothing'}</li>
      ))}
    </ul>
  );
}
