import type { Instance } from '../../../sdk/main.ts';
import type { AnyObject } from '../../catalog/any-object.ts';
import type { KnownKind } from '../../catalog/known-kinds.ts';
import { Panel } from '../../components/panel.tsx';
import { useNow } from '../../components/time.tsx';
import { Verdict } from '../../components/verdict.tsx';
import { CloudPanel } from '../../features/cloud/cloud-panel.tsx';
import { Why } from '../../features/explain/why.tsx';
import { ObjectFrame } from '../../features/object-frame/object-frame.tsx';
import { Conditions } from '../../features/summary/conditions.tsx';
import { Metadata } from '../../features/summary/metadata.tsx';
import { healthOf } from '../../catalog/health.ts';
import { stepsOf } from '../../models/instance-steps.ts';
import { instanceVerdict } from '../../models/instance-verdict.ts';
import type { ObjectKey } from '../../routing/paths.ts';
import { AddressesPanel } from './addresses-panel.tsx';
import { MachinePanel } from './machine-panel.tsx';
import { Steps } from './steps.tsx';
import { useHistory } from './use-history.ts';

interface InstancePageProps {
  readonly known: KnownKind;
  readonly objectKey: ObjectKey;
}

/** An instance: how far it has come and how long each step took, its addresses, and its machine in the cloud. */
export function InstancePage({ known, objectKey }: InstancePageProps) {
  return (
    <ObjectFrame known={known} objectKey={objectKey} summary={(object) => <Summary known={known} object={object} />} />
  );
}

function Summary({ known, object }: { readonly known: KnownKind; readonly object: AnyObject }) {
  // The frame shows objects of the kind of the path, and that is this one.
  const instance = object as unknown as Instance;
  const steps = stepsOf(instance, useHistory(instance));
  const now = useNow();
  return (
    <div className="stack">
      <Verdict tone={steps.some(({ state }) => state === 'resting') ? 'idle' : healthOf(instance).tone}>
        {instanceVerdict(steps, now)}
      </Verdict>
      <Panel title="On its way">
        <Steps steps={steps} />
      </Panel>
      <Why object={object} />
      <div className="columns">
        <AddressesPanel instance={instance} />
        <MachinePanel instance={instance} />
      </div>
      <CloudPanel known={known} object={instance} />
      <div className="columns">
        <Conditions object={object} />
        <Metadata object={object} />
      </div>
    </div>
  );
}
