import { type ComponentType, lazy, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { kindOfPlural, type KnownKind } from '../catalog/known-kinds.ts';
import { NotFound } from '../features/not-found/not-found.tsx';
import { ListPage } from '../pages/list/list-page.tsx';
import { ObjectPage } from '../pages/object/object-page.tsx';
import { OverviewPage } from '../pages/overview/overview-page.tsx';
import { type ObjectKey, paths } from '../routing/paths.ts';

interface ObjectPageProps {
  readonly known: KnownKind;
  readonly objectKey: ObjectKey;
}

// Loaded when they are first gone to.
const WorkloadPage = lazy(async () => ({
  default: (await import('../pages/workload/workload-page.tsx')).WorkloadPage,
}));

const EditPage = lazy(async () => ({ default: (await import('../pages/edit/edit-page.tsx')).EditPage }));
const NetworkPage = lazy(async () => ({ default: (await import('../pages/network/network-page.tsx')).NetworkPage }));
const InstancePage = lazy(async () => ({
  default: (await import('../pages/instance/instance-page.tsx')).InstancePage,
}));
const TopologyPage = lazy(async () => ({
  default: (await import('../pages/topology/topology-page.tsx')).TopologyPage,
}));
const AddressesPage = lazy(async () => ({
  default: (await import('../pages/addresses/addresses-page.tsx')).AddressesPage,
}));

const ActivityPage = lazy(async () => ({
  default: (await import('../pages/activity/activity-page.tsx')).ActivityPage,
}));
const RightsPage = lazy(async () => ({ default: (await import('../pages/rights/rights-page.tsx')).RightsPage }));
const SettingsPage = lazy(async () => ({
  default: (await import('../pages/settings/settings-page.tsx')).SettingsPage,
}));

/** Kinds with a page of their own; all others have the page that fits every kind. */
const pagesOfKinds: Readonly<Record<string, ComponentType<ObjectPageProps>>> = {
  workloads: WorkloadPage,
  networks: NetworkPage,
  instances: InstancePage,
};

/** Which page a path shows. */
export function Routes() {
  return (
    <Suspense fallback={<p className="muted">Loading …</p>}>
      <Switch>
        <Route path="/">
          <OverviewPage />
        </Route>
        <Route path={paths.topology}>
          <TopologyPage />
        </Route>
        <Route path={paths.addresses}>
          <AddressesPage />
        </Route>
        <Route path="/resources/:plural">{({ plural }) => <ListPage key={plural} plural={plural} />}</Route>
        <Route path="/resources/:plural/:name">
          {({ plural, name }) => <OfKind plural={plural} objectKey={{ name }} pages={pagesOfKinds} />}
        </Route>
        <Route path="/resources/:plural/:namespace/:name">
          {({ plural, namespace, name }) => (
            <OfKind plural={plural} objectKey={{ namespace, name }} pages={pagesOfKinds} />
          )}
        </Route>
        <Route path={paths.activity} component={ActivityPage} />
        <Route path={paths.access} component={RightsPage} />
        <Route path={paths.settings} component={SettingsPage} />
        <Route path="/create/:plural">{({ plural }) => <EditPage key={plural} plural={plural} />}</Route>
        <Route path="/edit/:plural/:name">
          {({ plural, name }) => <EditPage plural={plural} objectKey={{ name }} />}
        </Route>
        <Route path="/edit/:plural/:namespace/:name">
          {({ plural, namespace, name }) => <EditPage plural={plural} objectKey={{ namespace, name }} />}
        </Route>
        <Route>
          <NotFound />
        </Route>
      </Switch>
    </Suspense>
  );
}

interface OfKindProps {
  readonly plural: string;
  readonly objectKey: ObjectKey;
  readonly pages: Readonly<Record<string, ComponentType<ObjectPageProps>>>;
}

/** The page of an object; none where the path does not go with the scope of the kind. */
function OfKind({ plural, objectKey, pages }: OfKindProps) {
  const known = kindOfPlural(plural);
  if (known === undefined || known.facts.namespaced !== (objectKey.namespace !== undefined)) return <NotFound />;
  const Page = pages[known.facts.many] ?? ObjectPage;
  return <Page key={`${plural} ${objectKey.namespace} ${objectKey.name}`} known={known} objectKey={objectKey} />;
}
