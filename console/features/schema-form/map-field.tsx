import { Prose } from '../../components/prose.tsx';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';

import { nameOf, Problems, RemoveButton } from './field-frame.tsx';
import { type FieldProps, fieldOf, useForm } from './form-context.ts';

/** Values under keys of one's own. */
export function MapField({ schema, value, path, onRemove }: FieldProps) {
  const { set, problemsAt } = useForm();
  const [key, setKey] = useState('');
  const entries = Object.entries((value ?? {}) as Record<string, unknown>);
  const name = nameOf(path);
  const field = fieldOf(path);

  function add(): void {
    const fresh = key.trim();
    if (fresh === '') return;
    set([...path, fresh], '');
    setKey('');
    // On to its value, once it is drawn.
    requestAnimationFrame(() => document.getElementById(`field-${field}.${fresh}`)?.focus());
  }

  return (
    <fieldset className="form-group">
      <legend>
        {name}
        {onRemove !== undefined && <RemoveButton name={name} onRemove={onRemove} />}
      </legend>
      {schema.description !== undefined && (
        <p className="form-about">
          <Prose text={schema.description} />
        </p>
      )}
      {entries.map(([each, text]) => (
        <div key={each} className="form-entry">
          <label htmlFor={`field-${field}.${each}`} className="mono">
            {each}
          </label>
          <ValueInput
            id={`field-${field}.${each}`}
            text={String(text)}
            onChange={(next) => set([...path, each], next)}
          />
          <RemoveButton name={each} onRemove={() => set([...path, each], undefined)} />
          <Problems problems={[`${field}.${each}`, `${field}[${each}]`, `${field}["${each}"]`].flatMap(problemsAt)} />
        </div>
      ))}
      <div className="form-entry">
        <input
          className="input mono"
          aria-label={`New key of ${name}`}
          placeholder="New key"
          value={key}
          onChange={({ target }) => setKey(target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            add();
          }}
        />
        <Button onClick={add}>
          <Plus size={14} aria-hidden />
          Add
        </Button>
      </div>
      <Problems problems={problemsAt(field)} />
    </fieldset>
  );
}

interface ValueInputProps {
  readonly id: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
}

function ValueInput({ id, text, onChange }: ValueInputProps) {
  return text.includes('\n') || text.length > 60 ? (
    <textarea id={id} className="input mono" rows={4} value={text} onChange={({ target }) => onChange(target.value)} />
  ) : (
    <input id={id} className="input" value={text} onChange={({ target }) => onChange(target.value)} />
  );
}
