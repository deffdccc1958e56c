import { useQuery } from '@tanstack/react-query';
import type { Instance, Network, NetworkPolicyPeer, NetworkPolicyPort } from '../../../sdk/main.ts';
import { useClient } from '../../api/client-context.tsx';
import { fullName } from '../../catalog/any-object.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Select } from '../../components/select.tsx';
import { Status } from '../../components/status.tsx';
import { useLiveOf } from '../../live/use-live-of.ts';
import { wordsOfRule } from '../../models/policy-words.ts';
import { Link } from '../../routing/link.tsx';
import { pathOf, paths } from '../../routing/paths.ts';
import { useParameter } from '../../routing/scope.ts';
import { useNetworkParts } from './use-network-parts.ts';

interface EffectiveRule {
  readonly direction: 'Ingress' | 'Egress';
  readonly action: 'Allow' | 'Deny';
  readonly order: number;
  readonly ports: readonly NetworkPolicyPort[];
  readonly peers: readonly NetworkPolicyPeer[];
  readonly origin?: { readonly kind: string; readonly namespace: string; readonly name: string; readonly path: string };
}

const selector = 'matchLabels matchExpressions{key operator values}';
const document = `query Effective($namespace:String!$name:String!$interface:Int!){instance(namespace:$namespace name:$name){effectivePolicy(interface:$interface){direction action order ports{protocol port endPort}peers{ipBlock{cidr except}instanceSelector{${selector}}}origin{kind namespace name path}}}}`;

/** Everything that decides about the traffic of one instance on a network, in the order in which it is asked. */
export function EffectiveRules({ network }: { readonly network: Network }) {
  const { instances } = useNetworkParts(network);
  const [wanted, setWanted] = useParameter('instance');
  const names = instances.map(({ metadata }) => fullName(metadata)).toSorted();
  const chosen = instances.find(({ metadata }) => fullName(metadata) === wanted) ?? instances[0];
  if (chosen === undefined) return null;
  return (
    <Panel
      title="What holds for an instance"
      aside={
        <Select
          label="Instance"
          value={fullName(chosen.metadata)}
          options={names.map((name) => ({ value: name, label: name }))}
          onChange={setWanted}
        />
      }
      flush
    >
      <RulesOf instance={chosen} network={network} />
    </Panel>
  );
}

function RulesOf({ instance, network }: { readonly instance: Instance; readonly network: Network }) {
  const client = useClient();
  const { namespace, name, resourceVersion } = instance.metadata;
  // What changes the answer: the instance, and every policy of the network.
  const policies = useLiveOf('networkPolicies', { namespace: network.metadata.namespace }).objects;
  const versions = policies.map(({ metadata }) => metadata.resourceVersion).toSorted();
  const at = instance.spec.networkInterfaces.findIndex((each) => each.network.name === network.metadata.name);
  const { data, error } = useQuery({
    queryKey: ['effective', namespace, name, resourceVersion, at, ...versions],
    queryFn: async ({ signal }) => {
      const answer = await client.execute<{ instance?: { effectivePolicy: readonly EffectiveRule[] } }>(
        document,
        { namespace, name, interface: Math.max(0, at) },
        { signal },
      );
      return answer.instance?.effectivePolicy ?? [];
    },
    placeholderData: (previous) => previous,
  });
  if (error !== null) return <ErrorNotice what="The rules could not be read" error={error} />;
  if (data === undefined) return <p className="muted panel-body">Loading …</p>;
  return (
    <PlainTable
      label={`Rules for ${name}`}
      head={['Order', 'Decision', 'Traffic', 'Written in']}
      rows={data.map((rule, index) => {
        const { direction, ports, peers } = wordsOfRule(rule.direction, rule.ports, rule.peers);
        const isAllow = rule.action === 'Allow';
        return {
          key: String(index),
          cells: [
            rule.order.toLocaleString(),
            <Status key="action" tone={isAllow ? 'good' : 'bad'} label={isAllow ? 'Allow' : 'Deny'} />,
            direction === 'Ingress' ? `In: ${ports} from ${peers}` : `Out: ${ports} to ${peers}`,
            <Origin key="origin" rule={rule} />,
          ],
        };
      })}
    />
  );
}

function Origin({ rule: { origin } }: { readonly rule: EffectiveRule }) {
  if (!origin) return <span className="muted">holds where nobody wrote a rule</span>;
  return (
    <ul>
      <li>
        <Link to={pathOf(origin.kind, origin) ?? paths.overview}>
          {origin.kind} {origin.name}
        </Link>
      </li>
      <li>
        <code className="muted">{origin.path}</code>
      </li>
    </ul>
  );
}
