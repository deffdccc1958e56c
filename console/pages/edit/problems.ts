import type { Diagnostic } from '@codemirror/lint';
import { type Document, isNode } from 'yaml';
import { RequestError, ValidationError } from '../../../sdk/main.ts';
import type { Step } from '../../features/schema-form/form-context.ts';

/** What the server finds wrong with fields: by field, as it names them. Empty where the error is of another kind. */
export function problemsOf(error: unknown): ReadonlyMap<string, readonly string[]> {
  const problems = new Map<string, string[]>();
  const add = (field: string, message: string): void =>
    void problems.set(field, [...(problems.get(field) ?? []), message]);
  if (error instanceof ValidationError) for (const { field, message } of error.problems) add(field, message);
  else if (error instanceof RequestError && error.field !== undefined) add(error.field, error.message);
  return problems;
}

/** The same as marks in the text: at the field, or at the nearest that is there. */
export function marksOf(document: Document, problems: ReadonlyMap<string, readonly string[]>): Diagnostic[] {
  return [...problems].flatMap(([field, messages]) => {
    const [from, to] = rangeOf(document, stepsOf(field));
    return messages.map((message) => ({ from, to, severity: 'error' as const, message }));
  });
}

/** The steps of a field: `spec.placements[0].cityCodes` or `metadata.labels[a/b]`. */
export function stepsOf(field: string): Step[] {
  return [...field.matchAll(/\["?([^\]"]*)"?\]|([^.[\]]+)/g)].map(([, inside, name]) => {
    if (inside === undefined) return name ?? '';
    return /^\d+$/.test(inside) ? Number(inside) : inside;
  });
}

function rangeOf(document: Document, path: readonly Step[]): [number, number] {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return [node.range[0], node.range[1]];
  }
  return [0, 0];
}
