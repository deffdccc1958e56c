import type { ControllerRevision, Instance, Workload, WorkloadDeployment } from '../../../sdk/main.ts';
import { type KnownKind, knownKinds } from '../../catalog/known-kinds.ts';
import type { AnyObject } from '../../catalog/any-object.ts';
import { Verdict } from '../../components/verdict.tsx';
import { Why } from '../../features/explain/why.tsx';
import { ObjectFrame } from '../../features/object-frame/object-frame.tsx';
import { Conditions } from '../../features/summary/conditions.tsx';
import { Metadata } from '../../features/summary/metadata.tsx';
import type { LiveView } from '../../live/watched-objects.ts';
import { useLive } from '../../live/use-live.ts';
import type { ObjectKey } from '../../routing/paths.ts';
import { InstancesPanel } from './instances-panel.tsx';
import { MatrixPanel } from './matrix-panel.tsx';
import { RevisionsPanel } from './revisions-panel.tsx';
import { RolloutPanel } from './rollout-panel.tsx';
import { verdictOf } from './workload-view.ts';
import './workload-page.css';

interface WorkloadPageProps {
  readonly known: KnownKind;
  readonly objectKey: ObjectKey;
}

/** Label by which what a workload has made is found. */
const workloadLabel = 'compute.datumapis.com/workload-uid';

/** A workload: how it is in one sentence, where it runs, how its rollout goes, and its instances. */
export function WorkloadPage({ known, objectKey }: WorkloadPageProps) {
  return <ObjectFrame known={known} objectKey={objectKey} summary={(object) => <Summary object={object} />} />;
}

function Summary({ object }: { readonly object: AnyObject }) {
  const workload = object as unknown as Workload;
  const made = useMade('workloadDeployments', object);
  const deployments = made.objects as unknown as readonly WorkloadDeployment[];
  const instances = useMade('instances', object).objects as unknown as readonly Instance[];
  const revisions = useMade('controllerRevisions', object).objects as unknown as readonly ControllerRevision[];
  // Before all deployments are known, nothing true can be said of them.
  if (!made.isSynced && made.error === undefined) return <p className="muted">Loading …</p>;
  const { tone, text } = verdictOf(workload, deployments);
  return (
    <div className="stack">
      <Verdict tone={tone}>{text}</Verdict>
      <Why object={object} />
      <div className="columns">
        <MatrixPanel workload={workload} deployments={deployments} />
        <RolloutPanel workload={workload} />
      </div>
      <InstancesPanel instances={instances} />
      <div className="columns">
        <RevisionsPanel workload={workload} revisions={revisions} />
        <Conditions object={object} />
        <Metadata object={object} />
      </div>
    </div>
  );
}

/** Objects of a kind that were made for a workload, live. */
function useMade(many: string, { metadata }: AnyObject): LiveView {
  const known = knownKinds.get(many);
  return useLive(
    known && { kind: known.kind, namespace: metadata.namespace, labelSelector: `${workloadLabel}=${metadata.uid}` },
  );
}
