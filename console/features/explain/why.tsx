import { useQuery } from '@tanstack/react-query';
import { type Cause, explainWhy } from '../../../sdk/main.ts';
import { useClient } from '../../api/client-context.tsx';
import type { AnyObject } from '../../catalog/any-object.ts';
import { healthOf, toneOf, wordsOf } from '../../catalog/health.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { ToneIcon } from '../../components/icons.tsx';
import { Panel } from '../../components/panel.tsx';
import { Age } from '../../components/time.tsx';
import { Link } from '../../routing/link.tsx';
import { pathOf, paths } from '../../routing/paths.ts';
import './why.css';

/** Why an object is not ready: the chain of causes down to the leaf, and what to do there. Nothing where it is ready. */
export function Why({ object }: { readonly object: AnyObject }) {
  const client = useClient();
  const { kind, metadata } = object;
  const { namespace, name, resourceVersion } = metadata;
  const isWell = ['good', 'idle'].includes(healthOf(object).tone);
  const { data, error } = useQuery({
    queryKey: ['why', kind, namespace, name, resourceVersion],
    queryFn: async ({ signal }) => explainWhy(client, { kind, namespace, name }, { signal }),
    enabled: !isWell,
    placeholderData: (previous) => previous,
  });
  if (isWell) return null;
  return (
    <Panel title="Why it is not ready">
      {error !== null ? (
        <ErrorNotice what="The causes could not be read" error={error} />
      ) : data === undefined ? (
        <p className="muted">Looking for the cause …</p>
      ) : (
        <ol className="why">
          <CauseItem cause={data} />
        </ol>
      )}
    </Panel>
  );
}

function CauseItem({ cause }: { readonly cause: Cause }) {
  const { object, state, conditions, since, advice, warning, causes, others } = cause;
  const [condition] = conditions;
  // Several conditions may say the same; once is enough.
  const messages = [...new Set(conditions.map(({ message }) => message))].filter((message) => message !== '');
  const tone = condition === undefined ? (state === 'missing' ? 'bad' : 'busy') : toneOf(condition);
  return (
    <li className="why-cause">
      <div className="why-head">
        <ToneIcon tone={tone} size={16} />
        <Link to={pathOf(object.kind, object) ?? paths.overview}>
          {object.kind} {object.name}
        </Link>
        <span>{state === 'notReady' && condition !== undefined ? wordsOf(condition.reason) : words[state]}</span>
        {since !== undefined && (
          <span className="muted">
            for <Age time={since} />
          </span>
        )}
      </div>
      {messages.map((message) => (
        <p key={message}>{message}</p>
      ))}
      {warning !== undefined && !messages.includes(warning.message) && (
        <p className="muted">
          Last warning: {wordsOf(warning.reason)}. {warning.message}
        </p>
      )}
      {advice !== undefined && (
        <p className="why-advice">
          <strong>What to do:</strong> {advice}
        </p>
      )}
      {(causes.length > 0 || others > 0) && (
        <ol className="why">
          {causes.map((each) => (
            <CauseItem key={`${each.object.kind} ${each.object.namespace} ${each.object.name}`} cause={each} />
          ))}
          {others > 0 && <li className="muted why-cause">and {others} more for the same reason</li>}
        </ol>
      )}
    </li>
  );
}

const words = {
  notReady: 'is not ready',
  deleting: 'is being deleted',
  missing: 'does not exist',
  ready: 'is ready',
} satisfies Record<Cause['state'], string>;
