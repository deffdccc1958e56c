import type { Kind } from '../kinds/kind.ts';
import type { Registry } from '../kinds/registry.ts';
import { selectedName } from '../store/field-selector.ts';
import { forbidden } from '../store/forbidden.ts';
import type { Selection } from '../store/types.ts';
import type { Authority, Decision, OnDenied, ResourceAttributes } from './authorise.ts';
import type { Caller } from './identity.ts';
import { type Place, wantedOf } from './wanted.ts';

/** What part of what was asked for the caller may see: all of it, or of all namespaces only these. */
export type Sight = Pick<Selection, 'namespaces' | 'names'>;

/** A kind as access rules see it. */
export type GuardedKind = Pick<Kind, 'id' | 'group' | 'version' | 'plural' | 'scope'>;

/** Decides for one caller, before anything is read: what is refused and what is not there take the same time. */
export interface Guard {
  /** Whether the caller may do this; nobody is told. */
  may(kind: GuardedKind, verb: string, place: Place): boolean;
  /** Throws Forbidden where the caller may not do this. */
  require(kind: GuardedKind, verb: string, place: Place): void;
  /** What a list or watch may show of a selection; undefined for nothing. */
  sightOf(kind: Kind, verb: 'list' | 'watch', selection: Selection): Sight | undefined;
  /** The same, but throws Forbidden for nothing. */
  requireSight(kind: Kind, verb: 'list' | 'watch', selection: Selection): Sight;
  /** Calls `listener` whenever the answers may have changed; the result ends that. */
  onChange(listener: () => void): () => void;
}

/** Those who decide, for all callers. */
export interface GuardParts {
  readonly authority: Authority;
  readonly registry: Registry;
  /** Told of what was refused. */
  readonly onDenied?: OnDenied | undefined;
}

const all: Sight = {};

/** A guard for one caller. */
export function createGuard({ authority, onDenied }: GuardParts, { identity, origin, requestId }: Caller): Guard {
  const wantedAt = (kind: GuardedKind, verb: string, { namespace, ...place }: Place): ResourceAttributes =>
    // Whatever the caller says, a right in a namespace is none to what is in no namespace.
    wantedOf(kind, verb, kind.scope === 'Cluster' ? place : { ...place, namespace });
  const decide = (kind: GuardedKind, verb: string, place: Place): Decision =>
    authority.authorise(identity, wantedAt(kind, verb, place));

  function refuse(kind: GuardedKind, verb: string, place: Place, reason: string): never {
    const wanted = wantedAt(kind, verb, place);
    onDenied?.(identity, wanted, origin, requestId);
    throw forbidden({ ...wanted, user: identity.user, reason }, kind.id);
  }

  function sightOf(kind: Kind, verb: 'list' | 'watch', selection: Selection): Sight | undefined {
    const { namespace, fieldSelector } = selection;
    // Who may list one object by its name alone may do so.
    const place = { namespace, name: selectedName(fieldSelector) };
    if (decide(kind, verb, place).allowed) return all;
    const isNamespace = kind.id === 'Namespace';
    if (namespace !== undefined || (kind.scope === 'Cluster' && !isNamespace)) return undefined;
    const { group, plural: resource } = kind;
    const within = authority.namespacesFor(identity, { verb, group, resource });
    if (within === 'all') return all;
    if (within.length === 0) return undefined;
    return isNamespace ? { names: within } : { namespaces: within };
  }

  return {
    may: (kind, verb, place) => decide(kind, verb, place).allowed,
    require(kind, verb, place) {
      const { allowed, reason } = decide(kind, verb, place);
      if (!allowed) refuse(kind, verb, place, reason);
    },
    sightOf,
    requireSight(kind, verb, selection) {
      const { namespace, fieldSelector } = selection;
      const sight = sightOf(kind, verb, selection);
      return sight ?? refuse(kind, verb, { namespace, name: selectedName(fieldSelector) }, '');
    },
    onChange: (listener) => authority.onChange(identity.project, listener),
  };
}

/** Text that two sights share exactly when they show the same; empty for one that shows all. */
export function sightKey({ namespaces, names }: Sight): string {
  return namespaces === undefined && names === undefined ? '' : JSON.stringify([namespaces, names]);
}
