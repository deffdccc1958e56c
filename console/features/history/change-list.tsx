import type { FieldChange } from './history.types.ts';
import './change-list.css';

/** Fields that say nothing new: they change with every write. */
const bookkeeping = /^metadata\.(resourceVersion|generation|managedFields)/;

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
  const shown = changes.filter(({ path }) => !bookkeeping.test(path));
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
                  {textOf(before)}
                </del>
              )}
              {after !== undefined && (
                <ins>
                  <span className="visually-hidden">is </span>
                  {textOf(after)}
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

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
