import { Search } from 'lucide-react';
import { type SubmitEvent, useEffect, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { formatAddress, parseAddress } from '../../models/ip-range.ts';
import { useParameter } from '../../routing/scope.ts';
import { useTitle } from '../../routing/use-title.ts';
import { HolderCard } from './holder-card.tsx';
import { NetworkRanges } from './network-ranges.tsx';
import { useHolders } from './use-holders.ts';
import './addresses.css';

/** Who has an address: the network, the subnet and the instance, live. */
export function AddressesPage() {
  useTitle('Addresses');
  const [query = '', setQuery] = useParameter('q');
  const [typed, setTyped] = useState(query);
  useEffect(() => setTyped(query), [query]);
  const parsed = parseAddress(query.trim());
  const isWrong = query.trim() !== '' && parsed === undefined;

  function onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    setQuery(typed.trim());
  }

  return (
    <div className="stack">
      <PageHead
        title="Addresses"
        about="Who has an address: which network, which subnet, which interface of which instance. Only what your token may see."
      />
      <search>
        <form className="address-search" onSubmit={onSubmit}>
          <div className="address-field">
            <Search size={18} aria-hidden />
            <input
              className="input"
              type="search"
              aria-label="Address"
              aria-invalid={isWrong}
              aria-describedby={isWrong ? 'address-problem' : undefined}
              placeholder="Who has 10.128.0.7?"
              spellCheck={false}
              autoComplete="off"
              value={typed}
              onChange={({ target }) => setTyped(target.value)}
            />
          </div>
          <Button type="submit" look="primary">
            Search
          </Button>
        </form>
        {isWrong && (
          <p id="address-problem" className="address-problem" role="alert">
            “{query}” is no IPv4 or IPv6 address.
          </p>
        )}
      </search>
      {parsed !== undefined && <Holders address={formatAddress(parsed)} />}
      <NetworkRanges />
    </div>
  );
}

function Holders({ address }: { readonly address: string }) {
  const { data, error } = useHolders(address);
  if (error !== null) return <ErrorNotice what={`Who has ${address} could not be found out`} error={error} />;
  if (data === undefined) return <p className="muted">Looking …</p>;
  return (
    <div className="stack" role="region" aria-label={`Who has ${address}`} aria-live="polite">
      {data.length === 0 ? (
        <EmptyState title={`No network has ${address}`}>
          It lies in the range of none of the networks that your token may see. The ranges are below.
        </EmptyState>
      ) : (
        data.map((holder) => (
          <HolderCard
            key={`${holder.network?.metadata.namespace}/${holder.network?.metadata.name}`}
            address={address}
            holder={holder}
          />
        ))
      )}
    </div>
  );
}
