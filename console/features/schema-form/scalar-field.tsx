import { defaultOf, isIntOrString } from '../../catalog/schemas.ts';

import { FieldFrame } from './field-frame.tsx';
import { type FieldProps, useForm } from './form-context.ts';
import { ReferenceInput } from './reference-input.tsx';

/** One value. */
export function ScalarField({ schema, value, path, isRequired, onRemove }: FieldProps) {
  const { set, isEdit } = useForm();
  const isLocked = isEdit && schema['x-datum-immutable'] === true;
  const standard = defaultOf(schema);
  const placeholder = standard === undefined ? '' : `By default ${standard}`;
  const change = (text: string): void => set(path, parse(text));

  function parse(text: string): unknown {
    if (text === '') return isRequired ? '' : undefined;
    const isNumber =
      schema.type === 'integer' || schema.type === 'number' || (isIntOrString(schema) && /^-?\d+$/.test(text));
    // What is no number is sent as it is: the server says what is wrong with it.
    return isNumber && Number.isFinite(Number(text)) ? Number(text) : text;
  }

  return (
    <FieldFrame schema={schema} path={path} isRequired={isRequired} onRemove={isLocked ? undefined : onRemove}>
      {(control) => {
        if (schema.enum !== undefined || schema.type === 'boolean') {
          const options = schema.enum ?? ['true', 'false'];
          return (
            <select
              {...control}
              className="input"
              disabled={isLocked}
              value={value === undefined ? '' : String(value)}
              onChange={({ target }) =>
                set(
                  path,
                  target.value === '' ? undefined : schema.type === 'boolean' ? target.value === 'true' : target.value,
                )
              }
            >
              {(!isRequired || value === undefined || value === '') && <option value="">{placeholder || '–'}</option>}
              {options.map((option) => (
                <option key={option}>{option}</option>
              ))}
            </select>
          );
        }
        const text = value === undefined || value === null ? '' : String(value);
        if (text.includes('\n') || text.length > 80) {
          return (
            <textarea
              {...control}
              className="input mono"
              rows={Math.min(8, text.split('\n').length + 1)}
              readOnly={isLocked}
              value={text}
              onChange={({ target }) => change(target.value)}
            />
          );
        }
        if (schema['x-datum-ref'] !== undefined) {
          return (
            <ReferenceInput
              control={control}
              schema={schema}
              path={path}
              text={text}
              placeholder={placeholder}
              isLocked={isLocked}
              onChange={change}
            />
          );
        }
        return (
          <input
            {...control}
            className="input"
            readOnly={isLocked}
            inputMode={schema.type === 'integer' ? 'numeric' : 'text'}
            placeholder={placeholder}
            value={text}
            // A new object begins with its name.
            autoFocus={!isEdit && path.join('.') === 'metadata.name'}
            autoComplete="off"
            spellCheck={false}
            onChange={({ target }) => change(target.value)}
          />
        );
      }}
    </FieldFrame>
  );
}
