/** Reproducible draws: the nth draw depends only on the seed and n, so only n has to be stored. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** In [min, max], whole. */
  between(min: number, max: number): number;
  /** `length` decimal digits, the first not zero. */
  digits(length: number): string;
  hex(length: number): string;
}

/** Draws numbered by `nextCount`, which must never give the same number twice. */
export function createRandom(seed: number, nextCount: () => number): Random {
  const next = () => mix(seed, nextCount());
  const characters = (alphabet: string, length: number) => {
    let text = '';
    for (let i = 0; i < length; i += 1) text += alphabet[Math.floor(next() * alphabet.length)];
    return text;
  };
  return {
    next,
    between: (min, max) => min + Math.floor(next() * (max - min + 1)),
    digits: (length) => characters('123456789', 1) + characters('0123456789', length - 1),
    hex: (length) => characters('0123456789abcdef', length),
  };
}

/** splitmix32: one well mixed number in [0, 1) for a pair. */
function mix(seed: number, count: number): number {
  let z = (Math.imul(count + 1, 0x9e3779b9) + Math.imul(seed + 1, 0x85ebca6b)) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return ((z ^ (z >>> 15)) >>> 0) / 4_294_967_296;
}
