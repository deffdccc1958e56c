import { buttonClass } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Link } from '../../routing/link.tsx';
import { paths } from '../../routing/paths.ts';
import { useTitle } from '../../routing/use-title.ts';

/** Where a path leads nowhere. */
export function NotFound() {
  useTitle('Not found');
  return (
    <EmptyState
      isPage
      title="There is no such page"
      actions={
        <Link to={paths.overview} className={buttonClass('primary')}>
          To the overview
        </Link>
      }
    >
      The address may be mistyped, or what it showed may be gone.
    </EmptyState>
  );
}
