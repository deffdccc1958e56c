import { conditionsOf } from '../../../sdk/main.ts';
import type { AnyObject } from '../../catalog/any-object.ts';
import { toneOf, wordsOf } from '../../catalog/health.ts';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Status } from '../../components/status.tsx';
import { Age } from '../../components/time.tsx';

/** Before any controller has spoken. */
const never = '1970-01-01T00:00:00Z';

/** What an object says of itself. */
export function Conditions({ object }: { readonly object: AnyObject }) {
  const conditions = conditionsOf(object);
  if (conditions.length === 0) return null;
  return (
    <Panel title="Conditions" flush>
      <PlainTable
        label="Conditions"
        head={['Condition', 'Reason', 'Message', 'Since']}
        rows={conditions.map((condition) => ({
          key: condition.type,
          cells: [
            <Status key="type" tone={toneOf(condition)} label={`${condition.type}: ${condition.status}`} />,
            wordsOf(condition.reason),
            condition.message,
            condition.lastTransitionTime === never ? '–' : <Age key="since" time={condition.lastTransitionTime} />,
          ],
        }))}
      />
    </Panel>
  );
}
