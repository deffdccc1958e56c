import { field, signature } from './print.ts';

const startArgument = [
  '"Number of the first byte, counted from when the machine was made; a negative one counts from the end."',
  'startBytes: Int64! = 0',
];

/** Most bytes of one page of a console. */
export const maxConsoleBytes = 262_144;

/** Fields of an instance that show what its machine wrote. */
export const consoleFields = [
  field(
    signature(
      'serialConsole',
      [...startArgument, `"At most so many bytes, 1 to ${maxConsoleBytes}."`, 'maxBytes: Int! = 65536'],
      'SerialConsolePage!',
    ),
    'What its machine wrote to the serial console; for those who may get `instances/log`.',
  ),
];

/** Root subscription field of the same. */
export const consoleSubscriptions = [
  field(
    signature('watchSerialConsole', ['namespace: String!', 'name: String!', ...startArgument], 'SerialConsolePage!'),
    'What the machine of an instance wrote to the serial console, and what it writes from now on.',
  ),
];

/** Scalars that the types need. */
export const consoleScalars = ['Int64'];

/** Types of those fields. */
export const consoleTypes = /* GraphQL */ `
  "A part of what a machine wrote. Clouds forget the oldest part, so it may begin later than asked."
  type SerialConsolePage {
    text: String!
    startBytes: Int64!
    "Where the next page starts."
    nextBytes: Int64!
    "Why there is nothing to read now; null when there is."
    missing: String
  }
`;
