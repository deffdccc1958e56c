import { buttonClass } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Prose } from '../../components/prose.tsx';
import { titleOfKind } from '../../catalog/kind-names.ts';
import type { KnownKind } from '../../catalog/known-kinds.ts';
import { Link } from '../../routing/link.tsx';
import { paths } from '../../routing/paths.ts';

interface EmptyListProps {
  readonly known: KnownKind;
  readonly isFiltered: boolean;
  readonly mayCreate: boolean;
}

/** What a kind is, and how the first object of it comes to be. */
export function EmptyList({ known: { facts }, isFiltered, mayCreate }: EmptyListProps) {
  const title = titleOfKind(facts).toLowerCase();
  if (isFiltered) {
    return (
      <EmptyState
        title={`No ${title} match`}
        actions={
          <Link to={paths.list(facts.plural)} className={buttonClass('plain')}>
            Show all
          </Link>
        }
      >
        Selectors are in the syntax of Kubernetes: <code>tier=edge,env in (a, b)</code>.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title={`No ${title} here yet`}
      actions={
        mayCreate && (
          <Link to={paths.create(facts.plural)} className={buttonClass('primary')}>
            Create the first
          </Link>
        )
      }
    >
      <Prose text={facts.description} /> {facts.isMade && 'The control plane makes them when they are needed. '}
      {mayCreate ? (
        <>
          Here, or with <code>kubectl apply</code>: what is made there shows up here at once.
        </>
      ) : (
        'Your token may look, but not create.'
      )}
    </EmptyState>
  );
}
