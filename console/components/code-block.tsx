import { Fragment, useMemo } from 'react';
import './code-block.css';

/** Longer texts are shown without colours. */
const maxColoured = 200_000;
/** A line of YAML: what comes before the key, the key, and the rest. */
const line = /^(\s*(?:- )*)((?:"[^"]*"|[\w./@-]+):)?(.*)$/;

/** Text of YAML, with its keys told from values. */
export function YamlBlock({ text, label }: { readonly text: string; readonly label: string }) {
  const lines = useMemo(() => (text.length > maxColoured ? undefined : text.split('\n')), [text]);
  return (
    <pre className="code-block" tabIndex={0} role="region" aria-label={label}>
      <code>
        {lines === undefined
          ? text
          : lines.map((each, at) => {
              const [, before, key, rest] = line.exec(each) ?? [];
              return (
                <Fragment key={at}>
                  {before}
                  {key !== undefined && <span className="code-key">{key}</span>}
                  {rest}
                  {'\n'}
                </Fragment>
              );
            })}
      </code>
    </pre>
  );
}
