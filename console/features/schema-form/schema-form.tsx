import { type ReactNode, useMemo } from 'react';
import type { Schema } from '../../catalog/schemas.ts';
import { Field } from './field.tsx';
import { FormContext, type Step } from './form-context.ts';
import { Fields } from './object-field.tsx';
import './schema-form.css';

interface SchemaFormProps {
  readonly label: string;
  readonly schema: Schema;
  readonly value: unknown;
  readonly isEdit: boolean;
  /** By field, as the server names them. */
  readonly problems: ReadonlyMap<string, readonly string[]>;
  readonly onSet: (path: readonly Step[], value: unknown) => void;
  /** Before the fields. */
  readonly children?: ReactNode;
}

const none: readonly string[] = [];

/** A form by a schema. It knows no rules of its own: what is wrong it is told. */
export function SchemaForm({ label, schema, value, isEdit, problems, onSet, children }: SchemaFormProps) {
  const api = useMemo(
    () => ({
      set: onSet,
      isEdit,
      Field,
      problemsAt: (field: string) => problems.get(field) ?? none,
      valueAt: (path: readonly Step[]) => valueIn(value, path),
    }),
    [onSet, isEdit, problems, value],
  );
  return (
    <FormContext value={api}>
      <form className="schema-form" aria-label={label} onSubmit={(event) => event.preventDefault()}>
        {children}
        <Fields schema={schema} value={value} path={[]} />
      </form>
    </FormContext>
  );
}

function valueIn(value: unknown, path: readonly Step[]): unknown {
  return path.reduce<unknown>(
    (at, step) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, step)
        ? (at as Record<Step, unknown>)[step]
        : undefined,
    value,
  );
}
