/** Objects that one unit of heavy work may touch; what touches fewer than this is no heavy work. */
const objectsOfUnit = 1_000;
/**
 * Bytes that are paid for with one token, beyond the one of the request; an ordinary body or answer is smaller. `worked`:
 * bodies, which are parsed, and what GraphQL makes value by value; `copied`: what is mostly text as it is stored.
 */
const bytesOfToken = { worked: 8 * 1024, copied: 48 * 1024 } as const;

export type Price = keyof typeof bytesOfToken;

/** Units of heavy work that an operation takes which may touch so many objects; 0: none. */
export function unitsOf(objects: number): number {
  return Math.floor(objects / objectsOfUnit);
}

/** Tokens that a body or an answer of this size costs beyond the one of its request. */
export function tokensOf(bytes: number, price: Price): number {
  return Math.floor(bytes / bytesOfToken[price]);
}
