import type { Network } from '../../../sdk/main.ts';
import type { AnyObject } from '../../catalog/any-object.ts';
import type { KnownKind } from '../../catalog/known-kinds.ts';
import { Verdict } from '../../components/verdict.tsx';
import { Why } from '../../features/explain/why.tsx';
import { ObjectFrame } from '../../features/object-frame/object-frame.tsx';
import { Conditions } from '../../features/summary/conditions.tsx';
import { Metadata } from '../../features/summary/metadata.tsx';
import { networkVerdict } from '../../models/network-verdict.ts';
import type { ObjectKey } from '../../routing/paths.ts';
import { AddressTab } from './address-tab.tsx';
import { ConsumersPanel } from './consumers-panel.tsx';
import { ContextsPanel } from './contexts-panel.tsx';
import { PoliciesTab } from './policies-tab.tsx';
import { UsePanel } from './use-panel.tsx';
import { useNetworkParts } from './use-network-parts.ts';

interface NetworkPageProps {
  readonly known: KnownKind;
  readonly objectKey: ObjectKey;
}

/** A network: where it is present, how its addresses are used, what its policies let through, and who uses it. */
export function NetworkPage({ known, objectKey }: NetworkPageProps) {
  return (
    <ObjectFrame
      known={known}
      objectKey={objectKey}
      summary={(object) => <Summary object={object} />}
      tabs={(object) => [
        { id: 'addresses', label: 'Addresses', content: () => <AddressTab network={networkOf(object)} /> },
        { id: 'policies', label: 'Policies', content: () => <PoliciesTab network={networkOf(object)} /> },
      ]}
    />
  );
}

/** The frame shows objects of the kind of the path, and that is this one. */
function networkOf(object: AnyObject): Network {
  return object as unknown as Network;
}

function Summary({ object }: { readonly object: AnyObject }) {
  const network = networkOf(object);
  const parts = useNetworkParts(network);
  const { tone, text } = networkVerdict(network, parts.contexts, parts.subnets);
  return (
    <div className="stack">
      <Verdict tone={tone}>{text}</Verdict>
      <Why object={object} />
      <ContextsPanel parts={parts} />
      <div className="columns">
        <UsePanel network={network} />
        <ConsumersPanel network={network} instances={parts.instances} />
      </div>
      <div className="columns">
        <Conditions object={object} />
        <Metadata object={object} />
      </div>
    </div>
  );
}
