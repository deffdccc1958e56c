import { useCallback, useMemo, useState } from 'react';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { yamlOf } from '../../catalog/plain-object.ts';
import type { Step } from '../../features/schema-form/form-context.ts';

/** A manifest that is being written, as text and as what the text says. */
export interface Draft {
  readonly text: string;
  readonly document: Document;
  /** What the text says; what it said last while it is no YAML. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Why the text is no manifest. */
  readonly error: { readonly message: string; readonly from: number; readonly to: number } | undefined;
  setText(text: string): void;
  /** Changes one value and leaves the rest of the text, comments included. */
  set(path: readonly Step[], value: unknown): void;
  /** Begins with something else. */
  replace(value: unknown): void;
}

interface State {
  readonly text: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** A draft that begins with a value. */
export function useDraft(initial: () => unknown): Draft {
  const [state, setState] = useState<State>(() => read(yamlOf(initial()), {}));
  const { document, error } = useMemo(() => parse(state.text), [state.text]);
  const setText = useCallback((text: string) => setState(({ value }) => read(text, value)), []);
  const set = useCallback(
    (path: readonly Step[], value: unknown) =>
      setState((before) => {
        const fresh = parse(before.text);
        // In a text that is no YAML there are no places to write to.
        if (fresh.error !== undefined) return before;
        if (value === undefined) fresh.document.deleteIn(path);
        else fresh.document.setIn(path, fresh.document.createNode(value));
        return read(fresh.document.toString({ lineWidth: 0 }), before.value);
      }),
    [],
  );
  const replace = useCallback((value: unknown) => setState(read(yamlOf(value), {})), []);
  return { ...state, document, error, setText, set, replace };
}

function read(text: string, before: State['value']): State {
  const { document, error } = parse(text);
  return { text, value: error === undefined ? (document.toJS() as State['value']) : before };
}

function parse(text: string): { readonly document: Document; readonly error: Draft['error'] } {
  const document = parseDocument(text, { lineCounter: new LineCounter(), prettyErrors: false });
  const [problem] = document.errors;
  if (problem !== undefined)
    return { document, error: { message: problem.message, from: problem.pos[0], to: problem.pos[1] } };
  const value: unknown = document.toJS();
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return {
      document,
      error: { message: 'A manifest has fields: apiVersion, kind, metadata', from: 0, to: text.length },
    };
  return { document, error: undefined };
}
