import { fieldDiff } from '../../../sdk/diff/field-diff.ts';
import type { FieldChange } from './history.types.ts';
import './change-list.css';

/** Fields that say nothing new: they change with every write, or say when it was. */
const bookkeeping = /^metadata\.(resourceVersion|generation|managedFields)|\.lastTransitionTime$/;

/** Changes that show at once; the others when they are asked for. */
const maxShown = 8;

/** Fields with what they were and what they are. */
export function ChangeList({
  changes,
  more = 0,
}: {
  readonly changes: readonly FieldChange[];
  readonly more?: number;
}) {
  const shown = changes.flatMap(smallest).filter(({ path }) => !bookkeeping.test(path));
  if (shown.length === 0 && more === 0) return <p className="muted">No fields changed.</p>;
  const [first, rest] = [shown.slice(0, maxShown), shown.slice(maxShown)];
  return (
    <>
      <Changes changes={first} />
      {(rest.length > 0 || more > 0) && (
        <details>
          <summary className="muted">{rest.length + more} more</summary>
          <Changes changes={rest} />
          {more > 0 && <p className="muted">{more} changes were not kept one by one.</p>}
        </details>
      )}
    </>
  );
}

/** The parts of a value that differ, where it was kept as a whole before and after. */
function smallest(change: FieldChange): readonly FieldChange[] {
  const { path, before, after, cut, redacted } = change;
  const isWhole = isComposite(before) && isComposite(after) && !cut && redacted === undefined;
  return isWhole ? fieldDiff(before, after, path).map((part) => ({ ...part, cut })) : [change];
}

function isComposite(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function Changes({ changes }: { readonly changes: readonly FieldChange[] }) {
  return (
    <ul className="change-list">
      {changes.map(({ path, before, after, cut, redacted }) => (
        <li key={path}>
          <code className="change-path">{path}</code>
          {redacted !== undefined ? (
            <span className="muted">secret value {redacted.toLowerCase()}</span>
          ) : (
            <span className="change-values">
              {before !== undefined && (
                <del>
                  <span className="visually-hidden">was </span>
                  <Value value={before} />
                </del>
              )}
              {after !== undefined && (
                <ins>
                  <span className="visually-hidden">is </span>
                  <Value value={after} />
                </ins>
              )}
              {cut && <span className="muted">shortened</span>}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Longer texts show their beginning, and the rest when that is asked for. */
const maxLetters = 160;

function Value({ value }: { readonly value: unknown }) {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (text.length <= maxLetters) return text;
  return (
    <details className="change-long">
      <summary>{text.slice(0, maxLetters)} …</summary>
      {text}
    </details>
  );
}
