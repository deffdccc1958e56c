import { PlainTable } from '../../components/plain-table.tsx';
import { fullName } from '../../catalog/any-object.ts';
import { endOf, formatAddress, formatRange, type IpRange } from '../../models/ip-range.ts';
import { Link } from '../../routing/link.tsx';
import { pathOf, paths } from '../../routing/paths.ts';
import type { MapNames } from './address-tab.tsx';

interface AddressesOfProps {
  readonly window: IpRange;
  readonly names: MapNames;
}

/** Rows that are shown. */
const maxRows = 500;

/** The addresses in use within a part of a subnet, and who has them. */
export function AddressesOf({ window, names }: AddressesOfProps) {
  const { family } = window;
  const here = [...names.instances]
    .filter(([address]) => address >= window.first && address < endOf(window))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (here.length === 0) return <p className="muted">No address of {formatRange(window)} is in use.</p>;
  return (
    <>
      <PlainTable
        label={`Addresses of ${formatRange(window)} in use`}
        head={['Address', 'Instance']}
        rows={here.slice(0, maxRows).map(([address, { metadata }]) => ({
          key: String(address),
          cells: [
            <code key="address">{formatAddress({ family, value: address })}</code>,
            <Link key="instance" to={pathOf('Instance', metadata) ?? paths.overview}>
              {fullName(metadata)}
            </Link>,
          ],
        }))}
      />
      {here.length > maxRows && <p className="muted">and {here.length - maxRows} more.</p>}
    </>
  );
}
