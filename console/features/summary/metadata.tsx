import type { AnyObject } from '../../catalog/any-object.ts';
import { Chips, Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { Age } from '../../components/time.tsx';
import { Link } from '../../routing/link.tsx';
import { pathOf } from '../../routing/paths.ts';

/** Who an object is. */
export function Metadata({ object }: { readonly object: AnyObject }) {
  const { metadata } = object;
  const { annotations, deletionTimestamp, finalizers, labels, ownerReferences = [] } = metadata;
  return (
    <Panel title="Metadata">
      <Facts
        facts={[
          ['Namespace', metadata.namespace],
          [
            'Created',
            metadata.creationTimestamp && (
              <>
                <Age time={metadata.creationTimestamp} /> ago
              </>
            ),
          ],
          [
            'Deleted',
            deletionTimestamp && (
              <>
                <Age time={deletionTimestamp} /> ago, waiting for {finalizers?.join(', ') ?? 'what it owns'}
              </>
            ),
          ],
          ['Labels', labels && <Chips of={labels} />],
          ['Annotations', annotations && <Chips of={annotations} />],
          [
            'Owned by',
            ownerReferences.length > 0 ? (
              <ul>
                {ownerReferences.map(({ kind, name, uid }) => (
                  <li key={uid}>
                    <OwnerLink kind={kind} name={name} namespace={metadata.namespace} />
                  </li>
                ))}
              </ul>
            ) : undefined,
          ],
          ['Finalizers', finalizers?.join(', ')],
          ['Version', <code key="version">{metadata.resourceVersion}</code>],
          ['UID', <code key="uid">{metadata.uid}</code>],
        ]}
      />
    </Panel>
  );
}

interface OwnerLinkProps {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
}

function OwnerLink({ kind, name, namespace }: OwnerLinkProps) {
  const path = pathOf(kind, { namespace, name });
  const text = `${kind} ${name}`;
  return path === undefined ? text : <Link to={path}>{text}</Link>;
}
