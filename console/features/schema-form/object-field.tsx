import { Prose } from '../../components/prose.tsx';
import { isScalar, type Schema, skeletonOf } from '../../catalog/schemas.ts';
import { AddFieldMenu } from './add-field-menu.tsx';

import { nameOf, Problems, RemoveButton } from './field-frame.tsx';
import { type FieldProps, fieldOf, useForm } from './form-context.ts';

/** Fields that are not there yet are shown down to here; deeper ones are added. */
const shownDepth = 2;

/** A thing with fields: those that it has and must have, and a way to add the others. */
export function ObjectField({ schema, value, path, onRemove }: FieldProps) {
  const { problemsAt } = useForm();
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
      <Fields schema={schema} value={value} path={path} />
      <Problems problems={problemsAt(fieldOf(path))} />
    </fieldset>
  );
}

/** The fields of a thing, without a frame. */
export function Fields({ schema, value, path }: Pick<FieldProps, 'schema' | 'value' | 'path'>) {
  const { Field, set } = useForm();
  const values = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const { properties = {}, required = [], 'x-datum-one-of': oneOf } = schema;
  const isChosen = oneOf?.fields.some((name) => values[name] !== undefined) ?? false;
  const isShown = (name: string, field: Schema): boolean =>
    values[name] !== undefined ||
    required.includes(name) ||
    (path.length <= shownDepth &&
      isFlat(field) &&
      !(oneOf?.fields.includes(name) ?? false) &&
      field['x-datum-not-yet'] === undefined);
  const entries = Object.entries(properties);
  const others = entries.filter(
    ([name, field]) => !isShown(name, field) && !(isChosen && oneOf?.fields.includes(name) === true),
  );
  return (
    <>
      {entries
        .filter(([name, field]) => isShown(name, field))
        .map(([name, field]) => (
          <Field
            key={name}
            schema={field}
            value={values[name]}
            path={[...path, name]}
            isRequired={required.includes(name)}
            onRemove={
              required.includes(name) || values[name] === undefined ? undefined : () => set([...path, name], undefined)
            }
          />
        ))}
      {others.length > 0 && (
        <AddFieldMenu
          of={path.length === 0 ? 'the object' : nameOf(path).toLowerCase()}
          fields={others}
          onAdd={(name, field) => set([...path, name], skeletonOf(field))}
        />
      )}
    </>
  );
}

function isFlat(schema: Schema): boolean {
  return isScalar(schema) || (schema.type === 'array' && schema.items !== undefined && isScalar(schema.items));
}
