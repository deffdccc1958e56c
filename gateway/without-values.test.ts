import { buildSchema, execute, type GraphQLError, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { scalarResolvers } from '../subgraphs/uniform/scalars.ts';
import { remoteTestGateway, testGateway } from '../test/support/gateway.ts';
import { watchOverWebSocket } from '../test/support/watcher.ts';
import { withoutValues } from './without-values.ts';

const schema = buildSchema(`
  scalar StringMap
  enum Color { RED GREEN }
  input Inner { text: String!, number: Int, color: Color, list: [String!] }
  input Input { map: StringMap, inner: Inner, flag: Boolean, id: ID, float: Float }
  type Query { ask(input: Input): String }
`);
// The scalar is in the schema above.
Object.assign(schema.getType('StringMap')!, { parseValue: scalarResolvers['StringMap']?.parseValue });

const secret =
  'hunter2; Field "x" is not defined by type "hunter2". at "input.hunter2"; hunter2 must be a hunter2 " \' \\';

/** Messages about a document and its variables, as they are shown. */
async function messages(text: string, input: unknown): Promise<string[]> {
  let errors: readonly GraphQLError[];
  try {
    const document = parse(text);
    errors = validate(schema, document);
    if (errors.length === 0)
      errors =
        (await execute({ schema, document, variableValues: { input }, rootValue: { ask: () => 'x' } })).errors ?? [];
  } catch (error) {
    errors = [error as GraphQLError];
  }
  expect(errors.length).toBeGreaterThan(0);
  expect(errors.some(({ message }) => message.includes('hunter2'))).toBe(true);
  return errors.map(({ message }) => withoutValues(message));
}

const query = 'query ($input: Input) { ask(input: $input) }';

test.each([
  [secret, 'Variable "$input" got invalid value; Expected type "Input" to be an object.'],
  [{ map: secret }, 'Variable "$input" got invalid value at "input.map"; StringMap must be an object of strings'],
  [{ map: [secret] }, 'Variable "$input" got invalid value at "input.map"; StringMap must be an object of strings'],
  [
    { inner: { color: secret } },
    'Variable "$input" got invalid value; Field "text" of required type "String!" was not provided.',
  ],
  [{ inner: { text: 'x', color: secret } }, 'it is of another type'],
  [{ inner: { text: [secret] } }, 'it is of another type'],
  [{ inner: { text: 'x', number: secret } }, 'it is of another type'],
  [{ inner: { text: 'x', list: [{ secret }] } }, 'it is of another type'],
  [{ flag: secret }, 'it is of another type'],
  [{ float: secret }, 'it is of another type'],
  [{ id: [secret] }, 'it is of another type'],
  [{ map: {}, other: secret }, 'Variable "$input" got invalid value; Field "other" is not defined by type "Input".'],
])('variables: %j', async (input, expected) => {
  const found = await messages(query, input);
  for (const message of found) {
    expect(message).toMatch(/^Variable "\$input" got invalid value(?: at "input[\w.[\]]*")?; /);
    expect(message.replace(/ at "[^"]*"/, '')).not.toContain('hunter2');
  }
  expect(found.join()).toContain(expected.replace('; Field "text"', ' at "input.inner"; Field "text"'));
});

const quoted = JSON.stringify(secret);

test.each([
  [`input: ${quoted}`, 'Expected value of type "Input".'],
  [`input: { inner: { text: "x", color: ${quoted} } }`, 'Enum "Color" cannot represent non-enum value.'],
  [`input: { inner: { text: "x", color: hunter2 } }`, 'A value does not exist in "Color" enum.'],
  [`input: { inner: { text: [${quoted}] } }`, 'String cannot represent a non string value.'],
  [`input: { inner: { text: "x", number: ${quoted} } }`, 'Int cannot represent non-integer value.'],
  [`input: { float: ${quoted} }`, 'Float cannot represent non numeric value.'],
  [`input: { flag: ${quoted} }`, 'Boolean cannot represent a non boolean value.'],
  [`input: { id: [${quoted}] }`, 'ID cannot represent a non-string and non-integer value.'],
  [`input ${quoted}`, 'Syntax Error: Expected ":", found String.'],
  [`input: { map: { a ${quoted} } }`, 'Syntax Error: Expected ":", found String.'],
  [`input """hunter2"""`, 'Syntax Error: Expected ":", found BlockString.'],
])('literals: %s', async (argument, expected) => {
  expect(await messages(`{ ask(${argument}) }`, undefined)).toContain(expected);
});

test('what shows no value stays as it is', () => {
  for (const message of [
    'Cannot query field "x" on type "Query".',
    'Variable "$input" of required type "Input!" was not provided.',
    'Syntax Error: Expected Name, found <EOF>.',
    'networks.networking.datumapis.com "n" not found',
  ])
    expect(withoutValues(message)).toBe(message);
});

test.each([
  ['in one pass', () => testGateway()],
  ['planned in Rust', () => testGateway({ planner: 'native' })],
  ['planned in JavaScript', () => testGateway({ planner: 'javascript' })],
  ['with subgraphs behind HTTP', () => remoteTestGateway()],
])('no answer shows a wrong value, over HTTP and over WebSocket (%s)', async (_, start) => {
  const gateway = await start();
  const create = 'mutation ($input: SecretInput!) { createSecret(input: $input) { userErrors { message } } }';
  const metadata = { namespace: 'default', name: 's' };
  const wrong = [{ data: 'hunter2' }, { stringData: { a: ['hunter2'] } }, { type: ['hunter2'] }, { other: 'hunter2' }];
  for (const more of wrong) {
    const { errors } = await gateway.query(create, { input: { metadata, ...more } });
    expect(errors?.length).toBeGreaterThan(0);
    expect(JSON.stringify(errors)).not.toContain('hunter2');
    const { ended } = watchOverWebSocket(gateway.url, create, { input: { metadata, ...more } });
    const said = await ended.then(
      () => 'nothing',
      (error: unknown) => `${String(error)} ${JSON.stringify(error)}`,
    );
    expect(said).toMatch(/BAD_USER_INPUT/);
    expect(said).not.toContain('hunter2');
  }
  for (const text of ['stringData: "hunter2"', 'data: { a "hunter2" }', 'other: "hunter2"']) {
    const literal = `mutation { createSecret(input: { metadata: { namespace: "default", name: "s" }, ${text} }) { userErrors { message } } }`;
    const { errors } = await gateway.query(literal);
    expect(errors?.length).toBeGreaterThan(0);
    expect(JSON.stringify(errors)).not.toContain('hunter2');
    const { ended } = watchOverWebSocket(gateway.url, literal);
    const said = await ended.then(
      () => 'nothing',
      (error: unknown) => `${String(error)} ${JSON.stringify(error)}`,
    );
    expect(said).toMatch(/GRAPHQL|BAD_USER_INPUT/);
    expect(said).not.toContain('hunter2');
  }
});
