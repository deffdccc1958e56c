import { buildSchema, execute, type GraphQLObjectType, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { createEngine } from './execute.ts';

const schema = buildSchema(/* GraphQL */ `
  type Query {
    me: Person!
    people(first: Int = 2): [Person!]
    maybe: [Person]
    strict: [Strict!]!
    thing: Thing
    later: Person
    fails: String
    failsHard: Strict
    sum(a: Int!, b: [Int!] = [1]): Int
  }
  type Mutation {
    add(n: Int!): Int
  }
  interface Named {
    name: String!
  }
  type Person implements Named {
    name: String!
    age: Int
    friends: [Person!]
    soon: String
    bad: String!
    lazy: String
  }
  type Robot implements Named {
    name: String!
    serial: String
  }
  type Strict {
    value: String!
    inner: Strict
  }
  union Thing = Person | Robot
`);

const bob = { __typename: 'Person', name: 'Bob', age: 40, friends: [] as object[], lazy: () => 'called' };
const ann = { __typename: 'Person', name: 'Ann', age: null, friends: [bob] };
let total = 0;

const resolvers: Record<string, Record<string, (source: any, args: any) => unknown>> = {
  Query: {
    me: () => ann,
    people: async (_, { first }) => [ann, bob, ann].slice(0, first),
    maybe: () => [ann, null, Promise.reject(new Error('no third')), Promise.resolve(bob)],
    strict: () => [{ value: 'a' }, { value: null }],
    thing: () => ({ __typename: 'Robot', name: 'R2', serial: '1' }),
    later: async () => bob,
    fails: () => {
      throw new Error('failed');
    },
    failsHard: () => ({ value: 'x', inner: { value: 'y', inner: { value: undefined } } }),
    sum: (_, { a, b }) => b.reduce((sum: number, each: number) => sum + each, a),
  },
  Mutation: {
    add: async (_, { n }) => {
      const before = total;
      await Promise.resolve();
      return (total = before + n);
    },
  },
  Person: {
    soon: async ({ name }) => `soon ${name}`,
    bad: () => Promise.reject(new Error('bad')),
  },
};
for (const [type, fields] of Object.entries(resolvers)) {
  for (const [name, resolve] of Object.entries(fields))
    Object.assign((schema.getType(type) as GraphQLObjectType).getFields()[name] ?? {}, { resolve });
}

const documents: [string, Record<string, unknown>?][] = [
  ['{ me { name age friends { name soon } __typename } }'],
  ['{ a: me { n: name } b: me { name soon } people { name lazy } }'],
  ['query ($n: Int) { people(first: $n) { name } }', { n: 3 }],
  ['query ($n: Int) { people(first: $n) { name } }', {}],
  ['query ($n: Int = 1) { people(first: $n) { name } }', {}],
  ['query ($a: Int!) { sum(a: $a) two: sum(a: $a, b: [$a, 2]) }', { a: 5 }],
  ['query ($a: Int!) { sum(a: $a) }', { a: 'five' }],
  [
    'query ($yes: Boolean!, $no: Boolean!) { me { name @include(if: $no) age @skip(if: $yes) friends @include(if: $yes) { name } } }',
    { yes: true, no: false },
  ],
  [
    'query ($no: Boolean!) { me { ... @include(if: $no) { name friends { age } } friends { name } ...F @skip(if: $no) } } fragment F on Person { soon friends { soon } }',
    { no: false },
  ],
  ['{ me { name } ... on Query { me { age } ...G } } fragment G on Query { me { friends { name } } }'],
  ['{ thing { __typename ... on Named { name } ... on Robot { serial } ... on Person { age } } }'],
  ['{ maybe { name } }'],
  ['{ strict { value } }'],
  ['{ failsHard { value inner { value inner { value } } } }'],
  ['{ fails later { name friends { name } } }'],
  ['{ later { name bad } me { name } }'],
  ['{ me { bad } }'],
  ['{ people { name @skip(if: true) age @include(if: true) } }'],
];

test.each(documents)('%s %j: as graphql-js answers', async (text, variables) => {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  const expected = await execute({ schema, document, ...(variables ? { variableValues: variables } : {}) });
  const engine = createEngine(schema);
  for (let run = 0; run < 2; run += 1) {
    const answer = await engine.execute({ document, variables }, {});
    expect(JSON.parse(JSON.stringify(answer.data ?? null))).toEqual(JSON.parse(JSON.stringify(expected.data ?? null)));
    const errorsOf = ({ errors = [] }: typeof expected) =>
      errors.map(({ message, path }) => ({ message: message.replace(/ \w+\.(\w+)\.$/, ' $1.'), path }));
    expect(errorsOf(answer)).toEqual(errorsOf(expected));
  }
});

test('mutations run one after the other', async () => {
  total = 0;
  const answer = await createEngine(schema).execute(
    { document: parse('mutation { a: add(n: 1) b: add(n: 2) c: add(n: 3) }') },
    {},
  );
  expect(answer.data).toEqual({ a: 1, b: 3, c: 6 });
});
