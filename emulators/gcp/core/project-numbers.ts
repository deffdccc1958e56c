import { digestOf } from './fingerprint.ts';
import type { Database } from './database.ts';

/** Projects have a name and a number; some APIs answer with the number, and take either. */
export interface ProjectNumbers {
  numberOf(projectId: string): string;
  /** The id of a project given by id or number. A number never given out stands for itself. */
  idOf(project: string): string;
}

/** A project's number follows from its id, so it needs no storage. */
export function createProjectNumbers(database: Database): ProjectNumbers {
  const numbers = new Map<string, string>();
  const ids = new Map<string, string>();
  const numberOf = (projectId: string) => {
    const known = numbers.get(projectId);
    if (known !== undefined) return known;
    const isNumber = /^\d+$/.test(projectId);
    const number = isNumber ? projectId : `${Number.parseInt(digestOf(projectId).slice(0, 9), 16)}`.padStart(12, '4');
    numbers.set(projectId, number);
    ids.set(number, projectId);
    return number;
  };
  database.onChange('resource', (key) => void numberOf(key.split('/')[1] ?? ''));
  return { numberOf, idOf: (project) => ids.get(project) ?? project };
}
