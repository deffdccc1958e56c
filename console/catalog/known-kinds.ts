import { allKinds, type AnyKind, type Kind } from '../../sdk/main.ts';
import { kindFacts } from '../generated/kinds.ts';
import type { KindFacts } from './kind-facts.ts';

/** A kind: what the client needs of it, and what people see of it. */
export interface KnownKind {
  readonly kind: Kind<AnyKind>;
  readonly facts: KindFacts;
}

/** All kinds, by the name of their part of a client. */
export const knownKinds: ReadonlyMap<string, KnownKind> = new Map(
  kindFacts.map((facts) => [
    facts.many,
    // What is common to the objects of all kinds is all that generic pages know of one.
    { facts, kind: allKinds[facts.many as keyof typeof allKinds] as unknown as Kind<AnyKind> },
  ]),
);

const byPlural = new Map([...knownKinds.values()].map((known) => [known.facts.plural, known]));
const byType = new Map([...knownKinds.values()].map((known) => [known.facts.type, known]));

/** The kind that a URL names: `networkcontexts`. */
export function kindOfPlural(plural: string): KnownKind | undefined {
  return byPlural.get(plural);
}

/** The kind of a manifest: `NetworkContext`. */
export function kindOfType(type: string): KnownKind | undefined {
  return byType.get(type);
}
