import { lazy, Suspense, useMemo, useState } from 'react';
import type { AnyObject } from '../../catalog/any-object.ts';
import { nameOfKind, titleOfKind } from '../../catalog/kind-names.ts';
import type { KnownKind } from '../../catalog/known-kinds.ts';
import { manifestOf } from '../../catalog/plain-object.ts';
import type { Schema } from '../../catalog/schemas.ts';
import { Button, buttonClass } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Status } from '../../components/status.tsx';
import { SchemaForm } from '../../features/schema-form/schema-form.tsx';
import { Link } from '../../routing/link.tsx';
import { paths } from '../../routing/paths.ts';
import { useNamespace, useParameter } from '../../routing/scope.ts';
import { StaleNotice } from './stale-notice.tsx';
import { marksOf, problemsOf } from './problems.ts';
import { ReviewDialog } from './review-dialog.tsx';
import { StarterPicker } from './starter-picker.tsx';
import { manifestFrom, startersOf } from './starters.ts';
import { type Check, useCheck } from './use-check.ts';
import { type Draft, useDraft } from './use-draft.ts';
import './editor.css';

const YamlEditor = lazy(async () => ({
  default: (await import('../../features/yaml-editor/yaml-editor.tsx')).YamlEditor,
}));

interface EditorProps {
  readonly known: KnownKind;
  readonly schema: Schema;
  /** The object that is changed, as it is now; absent for a new one. */
  readonly latest?: AnyObject;
}

/** Form and YAML of one draft, side by side. The server checks it all the while; nothing is written before it is reviewed. */
export function Editor({ known, schema, latest }: EditorProps) {
  const { facts } = known;
  const namespace = useNamespace() ?? 'default';
  const starters = startersOf(facts, schema);
  const [chosen, choose] = useParameter('from');
  const starter = starters.find(({ id }) => id === chosen) ?? starters[0]!; // There is at least one.
  // What the draft changes: the object as it was when editing began, or when others' changes were taken in.
  const [base, setBase] = useState(latest);
  const draft = useDraft(() => (base === undefined ? manifestFrom(starter, facts, namespace) : manifestOf(base)));
  const [isReviewing, setReviewing] = useState(false);
  const check = useCheck(known, base, draft);
  const problems = useMemo(() => problemsOf(check.error), [check.error]);
  const marks = useMemo(
    () =>
      draft.error === undefined ? marksOf(draft.document, problems) : [{ ...draft.error, severity: 'error' as const }],
    [draft.document, draft.error, problems],
  );
  const one = nameOfKind(facts);
  return (
    // Keys of what is inside come by here; it takes none for itself.
    <div
      className="editor"
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || check.result === undefined) return;
        event.preventDefault();
        setReviewing(true);
      }}
    >
      <PageHead
        title={base === undefined ? `New ${one}` : `Edit ${base.metadata.name}`}
        trail={<Link to={paths.list(facts.plural)}>{titleOfKind(facts)}</Link>}
        actions={
          <>
            <CheckState draft={draft} check={check} count={marks.length} />
            <Link
              to={base === undefined ? paths.list(facts.plural) : paths.object(facts.plural, base.metadata)}
              className={buttonClass('plain')}
            >
              Cancel
            </Link>
            <Button look="primary" disabled={check.result === undefined} onClick={() => setReviewing(true)}>
              {base === undefined ? 'Review and create' : 'Review and apply'}
            </Button>
          </>
        }
      />
      {base !== undefined && latest !== undefined && (
        <StaleNotice base={base} latest={latest} draft={draft} onRebase={setBase} />
      )}
      {problems.size === 0 && check.error !== null && (
        <ErrorNotice what="The server would refuse this" error={check.error} />
      )}
      <div className="editor-panes">
        <div className="editor-form">
          <SchemaForm
            label={`Form of the ${one}`}
            schema={schema}
            value={draft.value}
            isEdit={base !== undefined}
            problems={problems}
            onSet={draft.set}
          >
            {base === undefined && starters.length > 1 && (
              <StarterPicker
                starters={starters}
                chosen={starter}
                onChoose={(next) => {
                  choose(next.id);
                  draft.replace(manifestFrom(next, facts, namespace));
                }}
              />
            )}
          </SchemaForm>
        </div>
        <div className="editor-yaml">
          <Suspense fallback={<p className="muted">Loading the editor …</p>}>
            <YamlEditor label="YAML" text={draft.text} schema={schema} problems={marks} onChange={draft.setText} />
          </Suspense>
        </div>
      </div>
      {isReviewing && check.result !== undefined && (
        <ReviewDialog
          known={known}
          base={base}
          latest={latest}
          draft={draft}
          result={check.result}
          onClose={() => setReviewing(false)}
        />
      )}
    </div>
  );
}

interface CheckStateProps {
  readonly draft: Draft;
  readonly check: Check;
  readonly count: number;
}

function CheckState({ draft, check, count }: CheckStateProps) {
  return (
    <span role="status">
      {draft.error !== undefined ? (
        <Status tone="bad" label="Not valid YAML" />
      ) : !check.isCurrent ? (
        <Status tone="busy" label="Checking …" />
      ) : check.error === null ? (
        <Status tone="good" label="The server would take it" />
      ) : (
        <Status tone="bad" label={count > 0 ? `${count} ${count === 1 ? 'problem' : 'problems'}` : 'Refused'} />
      )}
    </span>
  );
}
