import { type ComponentType, createContext, useContext } from 'react';
import type { Schema } from '../../catalog/schemas.ts';

/** A step of a path into a value. */
export type Step = string | number;

/** What every field is given. */
export interface FieldProps {
  readonly schema: Schema;
  readonly value: unknown;
  readonly path: readonly Step[];
  readonly isRequired: boolean;
  /** Takes the field away; absent where it has to stay. */
  readonly onRemove?: (() => void) | undefined;
}

/** What a form needs at every depth. */
export interface FormApi {
  /** Sets a value; undefined takes it away. */
  set(path: readonly Step[], value: unknown): void;
  /** What there is at a path now. */
  valueAt(path: readonly Step[]): unknown;
  /** What is wrong with a field: `spec.placements[0].cityCodes`. */
  problemsAt(field: string): readonly string[];
  /** Whether the object exists, so that what is immutable cannot be changed. */
  readonly isEdit: boolean;
  /** Shows a field of whatever schema: fields hold fields. */
  readonly Field: ComponentType<FieldProps>;
}

export const FormContext = createContext<FormApi | undefined>(undefined);

/** The form that a field is part of. */
export function useForm(): FormApi {
  const form = useContext(FormContext);
  if (form === undefined) throw new Error('outside of a form');
  return form;
}

/** A path as the server writes it. */
export function fieldOf(path: readonly Step[]): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
}

/** Words that are written in a way of their own. */
const spelled: Readonly<Record<string, string>> = Object.fromEntries(
  ['CIDR', 'CPU', 'DNS', 'ID', 'IP', 'IPAM', 'IPv4', 'IPv6', 'MTU', 'SSH', 'TCP', 'UID', 'URL'].map((word) => [
    word.toLowerCase(),
    word,
  ]),
);

/** Words for a field: `minReplicas` → `Min replicas`, `ipv4Range` → `IPv4 range`. */
export function labelOf(name: string): string {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .split(' ');
  return words
    .map((word, at) => {
      const lower = word.toLowerCase();
      return spelled[lower] ?? (at === 0 ? lower.charAt(0).toUpperCase() + lower.slice(1) : lower);
    })
    .join(' ');
}
