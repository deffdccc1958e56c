import type { Workload } from '../../../sdk/main.ts';
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { Status } from '../../components/status.tsx';
import { rolloutOf } from './workload-view.ts';

/** How far the current template has come, and by which rules it goes on. */
export function RolloutPanel({ workload }: { readonly workload: Workload }) {
  const rollout = rolloutOf(workload);
  const { updateStrategy, instanceMode } = workload.spec;
  const { maxSurge, maxUnavailable, partition } = updateStrategy?.rollingUpdate ?? {};
  return (
    <Panel
      title="Rollout"
      aside={<Status tone={rollout.isDone ? 'good' : 'busy'} label={rollout.isDone ? 'Complete' : 'Going on'} />}
    >
      <div className="stack">
        <Progress name="Of the current template" value={rollout.current} of={rollout.desired} />
        <Progress name="Ready" value={rollout.ready} of={rollout.desired} />
        <Facts
          facts={[
            ['Exist', `${rollout.existing} of ${rollout.desired}`],
            ['Strategy', updateStrategy?.type],
            ['May be missing', maxUnavailable],
            ['May be more', maxSurge],
            ['Partition', partition],
            ['Instances', instanceMode],
          ]}
        />
      </div>
    </Panel>
  );
}

function Progress({ name, value, of }: { readonly name: string; readonly value: number; readonly of: number }) {
  const id = `progress-${name.replaceAll(' ', '-')}`;
  return (
    <div className="progress">
      <label htmlFor={id}>{name}</label>
      <span>
        {value} of {of}
      </span>
      <progress id={id} value={value} max={Math.max(of, 1)} />
    </div>
  );
}
