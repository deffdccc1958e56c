import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkMessage } from './check-message.ts';
import { schemaFromTypes } from './from-types.ts';
import { generateSchema } from './generate.ts';
import type { Schema } from './schema.ts';

test('the committed schema is what Google describes today', () => {
  expect(readFileSync(new URL('generated/compute.json', import.meta.url), 'utf8')).toBe(generateSchema());
});

test('the declarations of a client tell names and types', () => {
  const declarations = `
    /**
     * A thing.
     */
    export interface Schema$Thing {
        /**
         * Its name; not this.
         */
        name?: string | null;
        labels?: {
            [key: string]: string;
        } | null;
        parts?: Schema$Part[];
        sizes?: number[] | null;
        other?: Schema$Part;
        isOn?: boolean | null;
        state?: string | null;
    }
`;
  expect(schemaFromTypes(declarations, { 'Thing.state': ['ON'] }).messages['Thing']).toEqual({
    name: 'string',
    labels: 'string{}',
    parts: 'Part[]',
    sizes: 'double[]',
    other: 'Part',
    isOn: 'bool',
    state: 'enum:Thing.state',
  });
});

const schema: Schema = {
  enums: { 'Thing.state': ['ON', 'OFF'] },
  messages: {
    Thing: {
      name: 'string',
      size: 'int64',
      count: 'int32',
      state: 'enum:Thing.state',
      parts: 'Part[]',
      labels: 'string{}',
    },
    Part: { ready: 'bool', weight: 'float' },
  },
};

test('names, JSON types and enum values are checked, at every depth', () => {
  const problems = (value: object, direction: 'request' | 'answer' = 'answer') =>
    checkMessage(schema, 'Thing', value as never, 'thing', direction).map(({ kind, field }) => `${kind} ${field}`);
  expect(
    problems({
      name: 'a',
      size: '5',
      count: 1,
      state: 'ON',
      parts: [{ ready: true, weight: 0.5 }],
      labels: { a: 'b' },
    }),
  ).toEqual([]);
  expect(problems({ nme: 'a' })).toEqual(['unknown-field thing.nme']);
  expect(problems({ size: 5 })).toEqual(['wrong-type thing.size']);
  expect(problems({ size: 5 }, 'request')).toEqual([]);
  expect(problems({ name: null })).toEqual(['wrong-type thing.name']);
  expect(problems({ name: null }, 'request')).toEqual([]);
  expect(problems({ state: 'MAYBE' })).toEqual(['unknown-value thing.state']);
  expect(problems({ count: 1.5 })).toEqual(['wrong-type thing.count']);
  expect(problems({ parts: { ready: true } })).toEqual(['wrong-type thing.parts']);
  expect(problems({ parts: [{ ready: 'yes' }, { red: 1 }] })).toEqual([
    'wrong-type thing.parts[0].ready',
    'unknown-field thing.parts[1].red',
  ]);
  expect(problems({ labels: { a: 1 } })).toEqual(['wrong-type thing.labels.a']);
});
