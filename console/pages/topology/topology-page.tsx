import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { buttonClass } from '../../components/button.tsx';
import { instanceParts } from '../../live/instance-parts.ts';
import { useLiveOf } from '../../live/use-live-of.ts';
import { Link } from '../../routing/link.tsx';
import { paths } from '../../routing/paths.ts';
import { useNamespace } from '../../routing/scope.ts';
import { useTitle } from '../../routing/use-title.ts';
import { GraphPanel } from './graph-panel.tsx';
import { MapPanel } from './map-panel.tsx';

/** Where everything is: locations on a map, and a network with all that hangs on it. */
export function TopologyPage() {
  useTitle('Topology');
  const namespace = useNamespace();
  const locations = useLiveOf('locations', { namespace });
  const networks = useLiveOf('networks', { namespace });
  const instances = useLiveOf('instances', { select: instanceParts });
  const error = locations.error ?? networks.error;
  const isEmpty = locations.isSynced && networks.isSynced && locations.objects.length + networks.objects.length === 0;
  return (
    <div className="stack">
      <PageHead
        title="Topology"
        about="Where things run, and how they hang together: network, context, subnet, instance, and what was made of it in the cloud."
      />
      {error !== undefined && <ErrorNotice what="The topology could not be read" error={error} />}
      {isEmpty ? (
        <EmptyState
          title="Nothing is anywhere yet"
          actions={
            <Link to={paths.create('locations')} className={buttonClass('primary')}>
              Create a location
            </Link>
          }
        >
          A location is a place where things can run, such as a zone of a cloud project. A network reaches into a
          location as soon as a workload needs it there.
        </EmptyState>
      ) : (
        <>
          <MapPanel locations={locations.objects} instances={instances.objects} />
          <GraphPanel networks={networks.objects} instances={instances.objects} />
        </>
      )}
    </div>
  );
}
