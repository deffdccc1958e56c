import { PlainTable } from '../../components/plain-table.tsx';
import { type AddressSpace, segmentsOf } from '../../models/address-map.ts';
import { formatAddress, formatRange, type IpRange, sameRange } from '../../models/ip-range.ts';
import type { MapNames } from './address-tab.tsx';
import { AddressesOf } from './addresses-of.tsx';

interface AddressTableProps {
  readonly space: AddressSpace;
  readonly window: IpRange;
  readonly names: MapNames;
  readonly onGo: (range: IpRange) => void;
}

/** Rows that are shown; a part of the range can be chosen for the others. */
const maxRows = 500;

/** What the address map shows, as rows: subnets and the gaps between them; within a subnet its addresses. */
export function AddressTable({ space, window, names, onGo }: AddressTableProps) {
  const segments = segmentsOf(space, window);
  const [only] = segments;
  if (segments.length === 1 && only?.block !== undefined) return <AddressesOf window={window} names={names} />;
  return (
    <>
      <PlainTable
        label={`Parts of ${formatRange(window)}`}
        head={['First', 'Last', 'Whose', 'Addresses', 'In use']}
        rows={segments.slice(0, maxRows).map(({ block, family, first, last, taken }) => ({
          key: String(first),
          cells: [
            <code key="first">{formatAddress({ family, value: first })}</code>,
            <code key="last">{formatAddress({ family, value: last })}</code>,
            block === undefined ? (
              <span className="muted">free</span>
            ) : sameRange(block.range, window) ? (
              names.subnets.get(block.key)
            ) : (
              <button type="button" className="link-button" onClick={() => onGo(block.range)}>
                {names.subnets.get(block.key)}
              </button>
            ),
            (last - first + 1n).toLocaleString(),
            taken.toLocaleString(),
          ],
        }))}
      />
      {segments.length > maxRows && (
        <p className="muted">and {segments.length - maxRows} more: choose a part of the range on the map.</p>
      )}
    </>
  );
}
