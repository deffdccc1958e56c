import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lineDiff } from '../../../sdk/diff/line-diff.ts';
import { ConflictError } from '../../../sdk/main.ts';
import { useClient } from '../../api/client-context.tsx';
import type { AnyObject } from '../../catalog/any-object.ts';
import type { KnownKind } from '../../catalog/known-kinds.ts';
import { manifestOf, masked, yamlOf } from '../../catalog/plain-object.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Status } from '../../components/status.tsx';
import { say } from '../../components/toasts.tsx';
import { CopyMenu } from '../../features/copy/copy-menu.tsx';
import { paths } from '../../routing/paths.ts';
import { useGo } from '../../routing/scope.ts';
import type { Draft } from './use-draft.ts';
import { writerOf } from './writer.ts';

interface ReviewDialogProps {
  readonly known: KnownKind;
  readonly base: AnyObject | undefined;
  /** The object as it is now. */
  readonly latest: AnyObject | undefined;
  readonly draft: Draft;
  /** What the server would store. */
  readonly result: { readonly object: AnyObject; readonly warnings: readonly string[] };
  readonly onClose: () => void;
}

/** Shows what the server would change, and has it do so. */
export function ReviewDialog({ known, base, latest, draft, result, onClose }: ReviewDialogProps) {
  const { facts } = known;
  const client = useClient();
  const queries = useQueryClient();
  const go = useGo();
  const text = (object: AnyObject): string => yamlOf(masked(manifestOf(object), facts.sensitive)).trimEnd();
  const after = text(result.object);
  const diff = base === undefined ? after : lineDiff(text(base), after);
  const writing = useMutation({
    mutationFn: async () => write(),
    onSuccess: async ({ object, warnings }) => {
      say(`${object.metadata.name} was ${base === undefined ? 'created' : 'changed'}`, warnings.join(' '));
      await queries.invalidateQueries({ queryKey: ['history'] });
      go(paths.object(facts.plural, object.metadata));
    },
  });

  /** Writes only if nobody else has written meanwhile what people write; controllers write status all the time. */
  async function write() {
    const writer = writerOf(client, known, base);
    const isUntouched = base !== undefined && latest !== undefined && text(base) === text(latest);
    const version = isUntouched ? latest.metadata.resourceVersion : base?.metadata.resourceVersion;
    try {
      return await writer(draft.value, { ifMatch: version });
    } catch (error) {
      if (!(error instanceof ConflictError) || base === undefined) throw error;
      const { namespace, name } = base.metadata;
      const key = { namespace: facts.namespaced ? namespace : undefined, name };
      const now = (await client.resource(known.kind).get(key)) as AnyObject;
      if (text(now) !== text(base)) throw error;
      return writer(draft.value, { ifMatch: now.metadata.resourceVersion });
    }
  }

  return (
    <Dialog
      title={
        base === undefined ? `Create ${facts.type} ${result.object.metadata.name}?` : `Apply to ${base.metadata.name}?`
      }
      isOpen
      isWide
      onClose={onClose}
    >
      <p className="muted">
        {base === undefined
          ? 'This is what the server would store, its defaults included.'
          : 'This is what would change, as the server says.'}
      </p>
      {diff === '' && base !== undefined && <p>Nothing would change.</p>}
      {diff !== '' && (
        <pre className="diff" tabIndex={0} role="region" aria-label="What would change">
          {diff.split('\n').map((line, at) => (
            <DiffLine key={at} line={line} isWhole={base === undefined} />
          ))}
        </pre>
      )}
      {result.warnings.map((warning) => (
        <Status key={warning} tone="warn" label={warning} />
      ))}
      {writing.error !== null && (
        <ErrorNotice
          what={
            writing.error instanceof ConflictError
              ? 'Somebody else was faster; go back to see what they changed'
              : 'It was not written'
          }
          error={writing.error}
        />
      )}
      <div className="dialog-actions">
        <CopyMenu known={known} object={result.object} action="apply" />
        <Button onClick={onClose}>Back</Button>
        <Button
          look="primary"
          disabled={writing.isPending || (diff === '' && base !== undefined)}
          onClick={() => writing.mutate()}
        >
          {writing.isPending ? 'Writing …' : base === undefined ? 'Create' : 'Apply'}
        </Button>
      </div>
    </Dialog>
  );
}

function DiffLine({ line, isWhole }: { readonly line: string; readonly isWhole: boolean }) {
  const looks: Readonly<Record<string, string>> = { '+': 'diff-plus', '-': 'diff-minus', '@': 'diff-at' };
  // A new object has no lines that are taken away.
  const look = isWhole ? '' : (looks[line.charAt(0)] ?? '');
  return <span className={`diff-line ${look}`}>{line === '' ? ' ' : line}</span>;
}
