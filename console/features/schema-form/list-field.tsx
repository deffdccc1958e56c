import { Prose } from '../../components/prose.tsx';
import { Plus } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { skeletonOf } from '../../catalog/schemas.ts';

import { nameOf, Problems, RemoveButton } from './field-frame.tsx';
import { type FieldProps, fieldOf, useForm } from './form-context.ts';

/** A list of things with fields. */
export function ListField({ schema, value, path, onRemove }: FieldProps) {
  const { Field, set, problemsAt } = useForm();
  const items = Array.isArray(value) ? (value as unknown[]) : [];
  const itemSchema = schema.items ?? {};
  const name = nameOf(path);
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
      {items.map((item, index) => (
        <Field
          key={index}
          schema={itemSchema}
          value={item}
          path={[...path, index]}
          isRequired={false}
          onRemove={() => set(path, items.toSpliced(index, 1))}
        />
      ))}
      <Problems problems={problemsAt(fieldOf(path))} />
      <div>
        <Button onClick={() => set(path, [...items, skeletonOf(itemSchema)])}>
          <Plus size={14} aria-hidden />
          Add{' '}
          {nameOf([...path, 0])
            .replace(/ 1$/, '')
            .toLowerCase()}
        </Button>
      </div>
    </fieldset>
  );
}
