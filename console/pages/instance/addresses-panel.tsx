import type { Instance } from '../../../sdk/main.ts';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Link } from '../../routing/link.tsx';
import { pathOf, paths } from '../../routing/paths.ts';

/** The addresses of an instance, interface by interface. */
export function AddressesPanel({ instance }: { readonly instance: Instance }) {
  const { metadata, spec, status } = instance;
  return (
    <Panel title="Addresses" flush>
      <PlainTable
        label="Addresses by interface"
        head={['Interface', 'Network', 'In the network', 'On the internet']}
        rows={spec.networkInterfaces.map(({ network }, index) => {
          const { networkIP, networkIPv6, externalIP } = status?.networkInterfaces?.[index]?.assignments ?? {};
          const namespace = network.namespace ?? metadata.namespace;
          return {
            key: String(index),
            cells: [
              String(index),
              <Link key="network" to={pathOf('Network', { namespace, name: network.name }) ?? paths.overview}>
                {network.name}
              </Link>,
              <Addresses key="inside" of={[networkIP, networkIPv6]} />,
              externalIP ? <code key="outside">{externalIP}</code> : <span className="muted">none</span>,
            ],
          };
        })}
      />
    </Panel>
  );
}

function Addresses({ of }: { readonly of: readonly (string | null | undefined)[] }) {
  const given = of.filter((address) => address !== null && address !== undefined);
  if (given.length === 0) return <span className="muted">none yet</span>;
  return given.map((address) => (
    <div key={address}>
      <Link to={paths.addresses} parameters={{ q: address }}>
        <code>{address}</code>
      </Link>
    </div>
  ));
}
