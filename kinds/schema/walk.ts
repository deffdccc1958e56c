import type { Problem } from '../problem.ts';

/** More findings than anyone reads would only cost memory. */
const maxFindings = 100;

/** What one walk over a value gathers. */
export class Findings {
  readonly problems: Problem[] = [];
  /** Paths of fields that the schema does not know; they are left out. */
  readonly unknown: string[] = [];
  readonly #steps: (string | number)[] = [];

  enter(step: string | number): void {
    this.#steps.push(step);
  }

  leave(): void {
    this.#steps.pop();
  }

  add(problem: Problem): void {
    if (this.problems.length < maxFindings) this.problems.push(problem);
  }

  addUnknown(field: string): void {
    if (this.unknown.length < maxFindings) this.unknown.push(this.pathOf(field));
  }

  /** Where the walk is, or a field of it: `spec.placements[0].name`. Empty for the object itself. */
  pathOf(field?: string): string {
    let path = '';
    for (const step of field === undefined ? this.#steps : [...this.#steps, field]) {
      if (typeof step === 'number') path += `[${step}]`;
      else path += path === '' ? step : `.${step}`;
    }
    return path;
  }
}

/**
 * Copies a value as far as the schema knows it, with defaults, and gathers what is wrong. `previous` is what stood there
 * before, or undefined.
 */
export type Walk = (value: unknown, previous: unknown, findings: Findings) => unknown;
