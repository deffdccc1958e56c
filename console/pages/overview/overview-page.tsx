import { useTitle } from '../../routing/use-title.ts';
import { PageHead } from '../../components/page-head.tsx';

/** What needs a human, or that all is well. */
export function OverviewPage() {
  useTitle('Overview');
  return <PageHead title="Overview" />;
}
