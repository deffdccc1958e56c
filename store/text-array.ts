const textOid = 25;
const headBytes = 20;
const maxBytesPerUnit = 3;

/**
 * A list of texts in Postgres' binary form: nothing in it is quoted here or looked for there. Null where there is no text.
 */
export function textArray(values: readonly (string | null)[]): Buffer {
  let most = headBytes;
  for (const value of values) most += 4 + (value === null ? 0 : value.length * maxBytesPerUnit);
  const bytes = Buffer.allocUnsafe(most);
  // One dimension, with nulls, of texts, so many, counted from 1.
  const head = [1, 1, textOid, values.length, 1];
  head.forEach((number, index) => bytes.writeInt32BE(number, index * 4));
  let end = headBytes;
  for (const value of values) {
    const length = value === null ? -1 : bytes.write(value, end + 4);
    bytes.writeInt32BE(length, end);
    end += 4 + Math.max(length, 0);
  }
  return bytes.subarray(0, end);
}
