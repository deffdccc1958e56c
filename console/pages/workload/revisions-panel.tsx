import { useMutation } from '@tanstack/react-query';
import { fieldDiff } from '../../../sdk/diff/field-diff.ts';
import type { ControllerRevision, Workload } from '../../../sdk/main.ts';
import { useClient } from '../../api/client-context.tsx';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Panel } from '../../components/panel.tsx';
import { Age } from '../../components/time.tsx';
import { say } from '../../components/toasts.tsx';
import { ChangeList } from '../../features/history/change-list.tsx';
import { useCan } from '../../features/permissions/use-can.ts';

interface RevisionsPanelProps {
  readonly workload: Workload;
  readonly revisions: readonly ControllerRevision[];
}

/** The templates that a workload had, the newest first, with what each changed, and the way back to them. */
export function RevisionsPanel({ workload, revisions }: RevisionsPanelProps) {
  const client = useClient();
  const { name, namespace = '' } = workload.metadata;
  const mayChange = useCan('patch', 'Workload', namespace);
  const rollback = useMutation({
    mutationFn: async (revision: number) =>
      client.workloads.update({ namespace, name }, { spec: { rollbackTo: { revision } } }),
    onSuccess: (_, revision) => say(`Going back to revision ${revision}`),
  });
  const sorted = revisions.toSorted((a, b) => b.revision - a.revision);
  return (
    <Panel title="Revisions">
      {sorted.length === 0 && <EmptyState title="No revisions yet">Each change of the template makes one.</EmptyState>}
      {rollback.error !== null && <ErrorNotice what="It was not taken back" error={rollback.error} />}
      <ol className="revisions" aria-label="Revisions">
        {sorted.map(({ metadata, revision, data }, at) => {
          const before = sorted[at + 1];
          return (
            <li key={metadata.uid}>
              <div className="row spread">
                <p>
                  <strong>Revision {revision}</strong>{' '}
                  <span className="muted">
                    {at === 0 && 'current · '}
                    <Age time={metadata.creationTimestamp} /> ago
                  </span>
                </p>
                {at > 0 && mayChange && (
                  <Button disabled={rollback.isPending} onClick={() => rollback.mutate(revision)}>
                    Go back to {revision}
                  </Button>
                )}
              </div>
              {before !== undefined && (
                <ChangeList changes={fieldDiff(before.data, data).map((change) => ({ ...change, cut: false }))} />
              )}
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}
