import { Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { ListPage } from '../pages/list/list-page.tsx';
import { NotFound } from '../features/not-found/not-found.tsx';
import { OverviewPage } from '../pages/overview/overview-page.tsx';

/** Which page a path shows. */
export function Routes() {
  return (
    <Suspense fallback={<p className="muted">Loading …</p>}>
      <Switch>
        <Route path="/">
          <OverviewPage />
        </Route>
        <Route path="/resources/:plural">{({ plural }) => <ListPage key={plural} plural={plural} />}</Route>
        <Route>
          <NotFound />
        </Route>
      </Switch>
    </Suspense>
  );
}
