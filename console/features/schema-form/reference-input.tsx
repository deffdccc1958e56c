import { ChevronsUpDown } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { AnyObject } from '../../catalog/any-object.ts';
import { healthOf } from '../../catalog/health.ts';
import { titleOfKind } from '../../catalog/kind-names.ts';
import { type KnownKind, kindOfType } from '../../catalog/known-kinds.ts';
import { Status } from '../../components/status.tsx';
import { useList } from '../../live/use-live.ts';
import type { ControlAttributes } from './field-frame.tsx';
import { type FieldProps, useForm } from './form-context.ts';
import { useRested } from './use-rested.ts';
import './reference-input.css';

interface ReferenceInputProps extends Pick<FieldProps, 'schema' | 'path'> {
  readonly control: ControlAttributes;
  readonly text: string;
  readonly placeholder: string;
  readonly isLocked: boolean;
  readonly onChange: (text: string) => void;
}

/** The name of an object: any text, and beside it those that there are, as they are now. */
export function ReferenceInput({ schema, path, control, text, placeholder, isLocked, onChange }: ReferenceInputProps) {
  const { set, valueAt } = useForm();
  const list = useRef<HTMLUListElement>(null);
  const [isOpen, setOpen] = useState(false);
  /** What was typed since it opened: before, all are shown. */
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(-1);
  const { kind = '', hasNamespace = false } = schema['x-datum-ref'] ?? {};
  const target = kindOfType(kind);
  const own = valueAt(['metadata', 'namespace']);
  const namespace = hasNamespace || typeof own !== 'string' || own === '' ? undefined : own;
  const objects = useChoices(isOpen && !isLocked ? target : undefined, namespace, typed);
  const isShown = isOpen && objects.length > 0;
  const current = Math.min(active, objects.length - 1);
  const listId = `${control.id}-choices`;
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  function open(next: boolean): void {
    setOpen(next);
    setTyped('');
    setActive(-1);
  }

  function choose({ metadata }: AnyObject): void {
    onChange(metadata.name);
    if (hasNamespace) set([...path.slice(0, -1), 'namespace'], metadata.namespace);
    open(false);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = isShown ? objects[current] : undefined;
    if (step !== undefined) {
      event.preventDefault();
      if (!isOpen) open(true);
      else setActive((current + step + objects.length) % Math.max(1, objects.length));
    } else if (event.key === 'Enter' && chosen !== undefined && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      choose(chosen);
    } else if (event.key === 'Escape' && isOpen) {
      event.stopPropagation();
      open(false);
    }
  }

  return (
    <div className="reference">
      <input
        {...control}
        className="input"
        role="combobox"
        aria-expanded={isShown}
        aria-controls={isShown ? listId : undefined}
        aria-activedescendant={isShown && current >= 0 ? `${listId}-${current}` : undefined}
        aria-autocomplete="list"
        readOnly={isLocked}
        placeholder={placeholder}
        value={text}
        autoComplete="off"
        spellCheck={false}
        onChange={({ target: { value } }) => {
          onChange(value);
          setOpen(true);
          setTyped(value);
          setActive(-1);
        }}
        // Not with the click: what the server says of other fields may move this one away before the button is let go.
        onMouseDown={() => open(true)}
        onBlur={() => open(false)}
        onKeyDown={onKeyDown}
      />
      <ChevronsUpDown size={14} aria-hidden />
      {isShown && (
        <ul
          ref={list}
          id={listId}
          role="listbox"
          aria-label={target === undefined ? 'Objects' : titleOfKind(target.facts)}
          className="popup reference-choices"
        >
          {objects.map((object, at) => (
            // The keyboard is the input's business; a pointer may choose as well, and must not take the focus from it.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
            <li
              key={object.metadata.uid}
              id={`${listId}-${at}`}
              role="option"
              aria-selected={at === current}
              className="popup-item reference-choice"
              onMouseDown={(event) => event.preventDefault()}
              onMouseMove={() => setActive(at)}
              onClick={() => choose(object)}
            >
              <Choice object={object} withNamespace={namespace === undefined} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Choice({ object, withNamespace }: { readonly object: AnyObject; readonly withNamespace: boolean }) {
  const { tone, label } = healthOf(object);
  const { name, namespace } = object.metadata;
  return (
    <>
      <span className="reference-name">
        {name}
        {withNamespace && namespace !== undefined && <span className="muted"> in {namespace}</span>}
      </span>
      {tone !== 'idle' && <Status tone={tone} label={label} />}
    </>
  );
}

/** As many as one looks through; for more one types. */
const maxChoices = 50;

/** The objects that may be meant, live; none without a kind. */
function useChoices(target: KnownKind | undefined, namespace: string | undefined, typed: string): AnyObject[] {
  const text = useRested(typed.trim());
  const { kind, facts } = target ?? {};
  const select = {
    apiVersion: true,
    kind: true,
    metadata: {
      name: true,
      ...(facts?.namespaced === true ? { namespace: true } : {}),
      uid: true,
      resourceVersion: true,
      generation: true,
      creationTimestamp: true,
      deletionTimestamp: true,
    },
    ...(facts !== undefined && facts.conditions.length > 0 ? { status: { conditions: true } } : {}),
  };
  const scope = facts?.namespaced === true ? { namespace } : {};
  const { isSynced, objects } = useList(
    kind && { kind, ...scope, text: text === '' ? undefined : text, select, orderBy: 'NAME' },
    0,
  );
  // Those of before, until the others are there.
  const last = useRef<readonly AnyObject[]>([]);
  if (isSynced || kind === undefined) last.current = objects;
  return last.current.slice(0, maxChoices);
}
