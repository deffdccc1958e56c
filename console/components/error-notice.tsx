import { DatumError } from '../../sdk/main.ts';
import { Button } from './button.tsx';
import { ToneIcon } from './icons.tsx';
import './error-notice.css';

interface ErrorNoticeProps {
  readonly error: unknown;
  /** What was not done: `The workloads could not be read`. */
  readonly what: string;
  readonly onRetry?: () => void;
}

/** Says what went wrong, with what finds the request in the server's logs. */
export function ErrorNotice({ error, what, onRetry }: ErrorNoticeProps) {
  const { code, requestId } = error instanceof DatumError ? error : { code: undefined, requestId: undefined };
  return (
    <div className="error-notice" role="alert">
      <ToneIcon tone="bad" size={18} />
      <div>
        <strong>{what}</strong>
        <p>{error instanceof Error ? error.message : String(error)}</p>
        {code !== undefined && (
          <p className="muted">
            <code>{code}</code>
            {requestId !== undefined && (
              <>
                {' '}
                · request <code>{requestId}</code>
              </>
            )}
          </p>
        )}
      </div>
      {onRetry !== undefined && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}
