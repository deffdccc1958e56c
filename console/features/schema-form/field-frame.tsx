import { Prose } from '../../components/prose.tsx';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { ToneIcon } from '../../components/icons.tsx';
import { fieldOf, labelOf, type Step, useForm } from './form-context.ts';
import type { Schema } from '../../catalog/schemas.ts';

interface FieldFrameProps {
  readonly schema: Schema;
  readonly path: readonly Step[];
  readonly isRequired: boolean;
  readonly onRemove?: (() => void) | undefined;
  /** Of the control, with what describes it. */
  readonly children: (control: ControlAttributes) => ReactNode;
}

export interface ControlAttributes {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean | undefined;
  readonly 'aria-required': boolean;
}

/** Label, description and problems around a control. */
export function FieldFrame({ schema, path, isRequired, onRemove, children }: FieldFrameProps) {
  const field = fieldOf(path);
  const problems = useForm().problemsAt(field);
  const id = `field-${field}`;
  const about = [schema.description !== undefined && `${id}-about`, problems.length > 0 && `${id}-problems`];
  const name = nameOf(path);
  return (
    <div className="form-field">
      <div className="form-label">
        <label htmlFor={id}>{name}</label>
        {isRequired && <span className="muted">required</span>}
        {onRemove !== undefined && <RemoveButton name={name} onRemove={onRemove} />}
      </div>
      {children({
        id,
        'aria-describedby': about.filter(Boolean).join(' ') || undefined,
        'aria-invalid': problems.length > 0 || undefined,
        'aria-required': isRequired,
      })}
      {schema.description !== undefined && (
        <p id={`${id}-about`} className="form-about">
          <Prose text={schema.description} />
        </p>
      )}
      <Problems id={`${id}-problems`} problems={problems} />
    </div>
  );
}

/** What is wrong with a field. */
export function Problems({ id, problems }: { readonly id?: string; readonly problems: readonly string[] }) {
  if (problems.length === 0) return null;
  return (
    <ul id={id} className="form-problems">
      {problems.map((problem) => (
        <li key={problem}>
          <ToneIcon tone="bad" size={14} />
          {problem}
        </li>
      ))}
    </ul>
  );
}

/** Takes a field or an item away. */
export function RemoveButton({ name, onRemove }: { readonly name: string; readonly onRemove: () => void }) {
  return (
    <button type="button" className="form-remove" aria-label={`Remove ${name}`} onClick={onRemove}>
      <X size={14} aria-hidden />
    </button>
  );
}

/** Words for the last step of a path; of an item its place. */
export function nameOf(path: readonly Step[]): string {
  const last = path.at(-1) ?? '';
  return typeof last === 'number' ? `${singular(labelOf(String(path.at(-2) ?? 'item')))} ${last + 1}` : labelOf(last);
}

function singular(words: string): string {
  return words.replace(/ies$/, 'y').replace(/s$/, '');
}
