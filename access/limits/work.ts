/** Objects that one unit of heavy work may touch; what touches fewer than this is no heavy work. */
const objectsOfUnit = 1_000;
/** Bytes of an answer that are paid for with one token; an ordinary answer is smaller. */
const bytesOfToken = 32 * 1024;

/** Units of heavy work that an operation takes which may touch so many objects; 0: none. */
export function unitsOf(objects: number): number {
  return Math.floor(objects / objectsOfUnit);
}

/** Tokens that an answer of this size costs beyond the one of its request. */
export function tokensOf(bytes: number): number {
  return Math.floor(bytes / bytesOfToken);
}
