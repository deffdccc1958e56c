import { useMemo } from 'react';
import type { AnyObject } from '../../catalog/any-object.ts';
import { knownKinds } from '../../catalog/known-kinds.ts';
import { useLive } from '../../live/use-live.ts';
import { pathOfObject } from '../../routing/paths.ts';
import { useGo } from '../../routing/scope.ts';
import type { Command } from './command.ts';
import { matchOf } from './match.ts';

/** Kinds whose objects people know by name. */
const kinds = ['workloads', 'networks', 'instances', 'locations', 'workloadDeployments', 'subnets'].flatMap(
  (many) => knownKinds.get(many) ?? [],
);
const select = {
  apiVersion: true,
  kind: true,
  metadata: {
    name: true,
    namespace: true,
    uid: true,
    resourceVersion: true,
    generation: true,
    creationTimestamp: true,
    deletionTimestamp: true,
  },
  status: { conditions: true },
};
/** Fewer letters find too much. */
const minLetters = 2;
const maxFound = 20;

/** Objects whose names go with what was typed. The watches are those of the overview. */
export function useFoundObjects(typed: string): readonly Command[] {
  const go = useGo();
  // The list of kinds never changes, and with it the number of hooks.
  // oxlint-disable-next-line react-hooks/rules-of-hooks
  const lists = kinds.map(({ kind }) => useLive({ kind, select }).objects);
  return useMemo(() => {
    if (typed.trim().length < minLetters) return [];
    return lists
      .flat()
      .map((object) => ({ object, match: matchOf(object.metadata.name, typed) }))
      .filter(({ match }) => match > 1)
      .toSorted((a, b) => b.match - a.match)
      .slice(0, maxFound)
      .map(({ object }) => commandOf(object, go));
    // Watches hand out the same list until something changes.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [typed, go, ...lists]);
}

function commandOf(object: AnyObject, go: (path: string) => void): Command {
  const { kind, metadata } = object;
  return {
    id: `object ${metadata.uid}`,
    label: metadata.name,
    hint: metadata.namespace === undefined ? kind : `${kind} in ${metadata.namespace}`,
    run: () => go(pathOfObject(object)),
  };
}
