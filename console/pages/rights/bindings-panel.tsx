import { knownKinds } from '../../catalog/known-kinds.ts';
import type { ClusterRoleBinding, RoleBinding } from '../../../sdk/main.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { useLive } from '../../live/use-live.ts';
import { Link } from '../../routing/link.tsx';
import { pathOf, paths } from '../../routing/paths.ts';
import { useNamespace } from '../../routing/scope.ts';

type Binding = RoleBinding | ClusterRoleBinding;
const [inNamespaces, everywhere] = [knownKinds.get('roleBindings'), knownKinds.get('clusterRoleBindings')];
/** Bindings of the product's own parts; they are hidden unless they are all there is. */
const isOfSystem = ({ metadata }: Binding): boolean => metadata.name.startsWith('system:');

/** Who has which role where, live. */
export function BindingsPanel() {
  const namespace = useNamespace();
  const roles = useLive(inNamespaces && { kind: inNamespaces.kind, namespace });
  const clusterRoles = useLive(everywhere && { kind: everywhere.kind });
  const error = roles.error ?? clusterRoles.error;
  if (error !== undefined) return <ErrorNotice what="The bindings could not be read" error={error} />;
  const bindings = ([...clusterRoles.objects, ...roles.objects] as unknown as readonly Binding[]).filter(
    (binding) => !isOfSystem(binding),
  );
  return (
    <Panel title="Who has which role" flush>
      {bindings.length === 0 ? (
        <EmptyState title="Nobody was granted anything">
          The one who started the product may do everything. A binding grants the rights of a role, such as{' '}
          <code>view</code>, <code>edit</code> or <code>admin</code>, to users, groups and service accounts.
        </EmptyState>
      ) : (
        <PlainTable
          label="Bindings"
          head={['Who', 'Role', 'Where', 'Binding']}
          rows={bindings.map((binding) => {
            const { metadata, roleRef, subjects = [] } = binding;
            return {
              key: metadata.uid,
              cells: [
                subjects.map(({ kind, name }) => `${kind} ${name}`).join(', ') || 'nobody',
                <Link
                  key="role"
                  to={pathOf(roleRef.kind, { namespace: metadata.namespace, name: roleRef.name }) ?? paths.access}
                >
                  {roleRef.name}
                </Link>,
                metadata.namespace ?? 'everywhere',
                <Link key="binding" to={pathOf(binding.kind, metadata) ?? paths.access}>
                  {metadata.name}
                </Link>,
              ],
            };
          })}
        />
      )}
    </Panel>
  );
}
