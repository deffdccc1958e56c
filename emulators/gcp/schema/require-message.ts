import type { Json } from '../core/json.ts';
import { apiError, invalidValue } from '../http/api-error.ts';
import { checkMessage } from './check-message.ts';
import type { Schema } from './schema.ts';

/** 400 for the first thing in a request that is not as the schema has it. */
export function requireMessage(schema: Schema, message: string, body: Json, at: string): void {
  const [problem] = checkMessage(schema, message, body, at, 'request');
  if (problem === undefined) return;
  const { kind, field, value, expected } = problem;
  switch (kind) {
    case 'unknown-field': {
      const dot = field.lastIndexOf('.');
      const why = `Unknown name "${field.slice(dot + 1)}" at '${field.slice(0, dot)}': Cannot find field.`;
      throw apiError(400, 'invalid', `Invalid JSON payload received. ${why}`);
    }
    case 'unknown-value':
      throw invalidValue(field, value, `Must be one of ${expected}.`);
    case 'wrong-type':
      throw invalidValue(field, value, `Expected ${expected}.`);
  }
}
