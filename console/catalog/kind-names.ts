import type { KindFacts } from './kind-facts.ts';

/** Words for many of a kind: `Network contexts`. */
export function titleOfKind({ many }: KindFacts): string {
  const words = many.replaceAll(/([A-Z])/g, ' $1').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Words for one of a kind: `network context`. */
export function nameOfKind({ type }: Pick<KindFacts, 'type'>): string {
  return type.replaceAll(/(?<=[a-z])([A-Z])/g, ' $1').toLowerCase();
}
