import { Select } from '../components/select.tsx';
import { knownKinds } from '../catalog/known-kinds.ts';
import { useLive } from '../live/use-live.ts';
import { useNamespaceParameter } from '../routing/scope.ts';

const namespaces = knownKinds.get('namespaces');
const select = { metadata: { name: true, uid: true, resourceVersion: true } };
const all = '';

/** Which namespace lists look at. */
export function NamespacePicker() {
  const [namespace, setNamespace] = useNamespaceParameter();
  const { objects } = useLive(namespaces && { kind: namespaces.kind, select });
  const names = new Set(objects.map(({ metadata }) => metadata.name));
  // Who may not list namespaces may still look at one that is named.
  if (namespace !== undefined) names.add(namespace);
  return (
    <Select
      label="Namespace"
      prefix="Namespace"
      value={namespace ?? all}
      options={[{ value: all, label: 'All' }, ...[...names].toSorted().map((name) => ({ value: name, label: name }))]}
      onChange={(next) => setNamespace(next === all ? undefined : next)}
    />
  );
}
