import { useEffect, useState } from 'react';
import { defaultOf } from '../../catalog/schemas.ts';

import { FieldFrame, Problems } from './field-frame.tsx';
import { type FieldProps, fieldOf, useForm } from './form-context.ts';

/** Values in a row, with commas between. */
export function ScalarListField({ schema, value, path, isRequired, onRemove }: FieldProps) {
  const { set, problemsAt } = useForm();
  const items = Array.isArray(value) ? (value as unknown[]) : [];
  const joined = items.join(', ');
  const [typed, setTyped] = useState(joined);
  const isNumber = schema.items?.type === 'integer';
  const standard = defaultOf(schema);
  const choices = schema.items?.enum;
  // A comma at the end is no value yet, but must not vanish while one types on.
  useEffect(() => setTyped((before) => (parse(before).join(', ') === joined ? before : joined)), [joined]);

  function change(text: string): void {
    setTyped(text);
    const next = parse(text);
    set(path, next.length === 0 && !isRequired ? undefined : next.map((each) => (isNumber ? Number(each) : each)));
  }

  return (
    <FieldFrame schema={schema} path={path} isRequired={isRequired} onRemove={onRemove}>
      {(control) => (
        <>
          <input
            {...control}
            className="input"
            placeholder={standard === undefined ? 'Values with commas between' : `By default ${standard}`}
            value={typed}
            autoComplete="off"
            spellCheck={false}
            onChange={({ target }) => change(target.value)}
          />
          {choices !== undefined && <p className="form-about">Of {choices.join(', ')}.</p>}
          <Problems problems={items.flatMap((_, index) => problemsAt(fieldOf([...path, index])))} />
        </>
      )}
    </FieldFrame>
  );
}

function parse(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}
