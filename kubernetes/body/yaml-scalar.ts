import type { Scalar } from 'yaml';
import { checkNumber } from './check-number.ts';
import { DecodeError } from './decode-error.ts';

/** Words of YAML 1.1, which Kubernetes reads. */
const words: ReadonlyMap<string, boolean | null> = new Map([
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
]);

const integer = /^[-+]?(0|[1-9][0-9_]*)$/;
const based = /^([-+]?)(0x_*[0-9a-fA-F][0-9a-fA-F_]*|0o?_*[0-7][0-7_]*|0b_*[01][01_]*)$/;
const float = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;

/** Value of a scalar: a plain one may be null, a boolean or a number; timestamps and all else are text. Throws DecodeError. */
export function scalarOf({ value, source, type, tag }: Scalar): unknown {
  const text = typeof value === 'string' ? value : (source ?? '');
  if (tag === 'tag:yaml.org,2002:binary') return Buffer.from(text, 'base64').toString('utf8');
  if (tag === 'tag:yaml.org,2002:str' || (type !== 'PLAIN' && type !== undefined)) return text;
  const word = words.get(text);
  if (word !== undefined) return word;
  return numberOf(text) ?? text;
}

function numberOf(text: string): number | undefined {
  // All numbers begin with a sign, a dot or a digit.
  if (text.charCodeAt(0) > 0x39) return undefined;
  const [, sign, digits] = based.exec(text) ?? [];
  if (digits !== undefined) {
    const plain = digits.replaceAll('_', '').replace(/^0o?(?=[0-7])/, '0o');
    return (sign === '-' ? -1 : 1) * Number(plain);
  }
  if (integer.test(text) || float.test(text)) {
    const plain = text.replaceAll('_', '').replace(/^\+/, '');
    return checkNumber(plain);
  }
  if (/^[-+]?\.(inf|Inf|INF|nan|NaN|NAN)$/.test(text)) throw new DecodeError(`json: unsupported value: ${text}`);
  return undefined;
}
