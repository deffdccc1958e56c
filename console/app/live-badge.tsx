import { Status } from '../components/status.tsx';
import { useNow } from '../components/time.tsx';
import { useConnection } from '../live/use-live.ts';

/** What is shown may be old when the connection was away for longer than this, in ms. */
const staleAfterMs = 10_000;

/** Whether what is shown is what there is. */
export function LiveBadge() {
  const { state, since } = useConnection();
  const now = useNow();
  const at = since.toLocaleTimeString();
  return (
    <div role="status" className="live-badge" data-state={state}>
      {state === 'live' || state === 'idle' ? (
        <Status tone="good" label="Live" title="Every change shows at once" />
      ) : state === 'connecting' ? (
        <Status tone="busy" label="Connecting" />
      ) : now - since.getTime() < staleAfterMs ? (
        <Status tone="warn" label="Reconnecting" title={`Away since ${at}`} />
      ) : (
        <Status tone="bad" label={`Stale since ${at}`} title="The server cannot be reached; what is shown may be old" />
      )}
    </div>
  );
}
