import { ExternalLink } from 'lucide-react';
import type { KnownKind } from '../../catalog/known-kinds.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Status } from '../../components/status.tsx';
import { Age } from '../../components/time.tsx';
import { type CloudResource, cloudStateText, cloudTypeText, toneOfCloud } from '../../models/cloud-resource.ts';
import { useCloudResources } from './use-cloud-resources.ts';

interface CloudPanelProps {
  readonly known: KnownKind;
  readonly object: {
    readonly metadata: { readonly namespace?: string; readonly name: string; readonly uid: string };
  };
}

/** What was made in a cloud for an object, and the last operation on each. */
export function CloudPanel({ known, object }: CloudPanelProps) {
  const { resources, isSynced, error } = useCloudResources(known, object);
  return (
    <Panel title="In the cloud" flush>
      {error !== undefined ? (
        <ErrorNotice what="What was made in the cloud could not be read" error={error} />
      ) : resources.length === 0 ? (
        <p className="muted panel-body">{isSynced ? 'Nothing was made in a cloud yet.' : 'Loading …'}</p>
      ) : (
        <PlainTable
          label="Resources in the cloud"
          head={['Resource', 'State', 'Where', 'Last operation']}
          rows={resources.map((resource) => ({
            key: `${resource.type} ${resource.name}`,
            cells: [
              <ResourceName key="name" resource={resource} />,
              <Status key="state" tone={toneOfCloud(resource)} label={cloudStateText(resource)} />,
              `${resource.account}, ${resource.scope.split('/').at(-1)}`,
              <LastOperation key="operation" resource={resource} />,
            ],
          }))}
        />
      )}
    </Panel>
  );
}

function ResourceName({ resource: { type, name, url } }: { readonly resource: CloudResource }) {
  return (
    <>
      {cloudTypeText(type)}
      <br />
      {url ? (
        <a href={url} target="_blank" rel="noreferrer">
          <code>{name}</code> <ExternalLink size={12} aria-label="in the cloud's console" />
        </a>
      ) : (
        <code>{name}</code>
      )}
    </>
  );
}

function LastOperation({ resource }: { readonly resource: CloudResource }) {
  const { operation, plannedAt, attempts, error, retryAt } = resource;
  return (
    <>
      <Age time={plannedAt} /> ago
      {operation ? (
        <>
          {' '}
          · <code>{operation}</code>
        </>
      ) : null}
      {attempts > 1 && ` · ${attempts} attempts`}
      {error ? (
        <>
          <br />
          <strong>{error.code}</strong>: {error.message}
        </>
      ) : null}
      {retryAt ? (
        <>
          <br />
          Tried again at {new Date(retryAt).toLocaleTimeString()}
        </>
      ) : null}
    </>
  );
}
