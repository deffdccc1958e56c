import { autocompletion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, foldGutter, HighlightStyle, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';
import type { Schema } from '../../catalog/schemas.ts';
import { completeBy } from './completion.ts';
import './yaml-editor.css';

interface YamlEditorProps {
  readonly label: string;
  readonly text: string;
  readonly schema: Schema;
  readonly problems: readonly Diagnostic[];
  readonly onChange: (text: string) => void;
}

const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--surface)', fontSize: '13px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.6' },
  '.cm-content': { caretColor: 'var(--text)', padding: '8px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'var(--surface-sunken)', color: 'var(--text-muted)', border: 'none' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--surface-active) !important',
  },
  '.cm-tooltip': {
    border: '1px solid var(--line)',
    borderRadius: '6px',
    backgroundColor: 'var(--surface-raised)',
    color: 'var(--text)',
    maxWidth: '30rem',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--surface-active)', color: 'var(--text)' },
  '.cm-completionDetail': { color: 'var(--text-muted)' },
  '.cm-completionInfo': { whiteSpace: 'pre-wrap', fontFamily: 'var(--font)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--bad)', fontFamily: 'var(--font)' },
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--warn)' },
  { tag: tags.string, color: 'var(--good)' },
  { tag: [tags.comment, tags.meta], color: 'var(--text-muted)' },
]);

/** An editor of YAML that completes by a schema and marks what is wrong. Tab leaves it, as it leaves any field. */
export function YamlEditor({ label, text, schema, problems, onChange }: YamlEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useRef({ onChange, text });
  latest.current.onChange = onChange;

  useEffect(() => {
    const parent = host.current;
    if (parent === null) return undefined;
    // In a shadow root its styles are constructed style sheets, which the policy of the gateway allows.
    const root = parent.shadowRoot ?? parent.attachShadow({ mode: 'open' });
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: latest.current.text,
        extensions: [
          lineNumbers(),
          foldGutter(),
          lintGutter(),
          history(),
          drawSelection(),
          bracketMatching(),
          indentUnit.of('  '),
          yaml(),
          syntaxHighlighting(colours),
          autocompletion({ override: [completeBy(schema)], icons: false }),
          keymap.of([...completionKeymap, ...historyKeymap, ...defaultKeymap]),
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return;
            latest.current.text = update.state.doc.toString();
            latest.current.onChange(latest.current.text);
          }),
          theme,
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [schema, label]);

  useEffect(() => {
    const editor = view.current;
    // What was typed here comes back from outside, and is here already.
    if (editor === undefined || latest.current.text === text) return;
    latest.current.text = text;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);

  useEffect(() => {
    const editor = view.current;
    if (editor === undefined) return;
    const { length } = editor.state.doc;
    const inside = problems.map((each) => ({
      ...each,
      from: Math.min(each.from, length),
      to: Math.min(each.to, length),
    }));
    editor.dispatch(setDiagnostics(editor.state, inside));
  }, [problems]);

  return <div ref={host} className="yaml-editor" />;
}
