import { kindOfPlural, type KnownKind } from '../../catalog/known-kinds.ts';
import { NotFound } from '../../features/not-found/not-found.tsx';
import { ObjectList } from './object-list.tsx';

/** All objects of the kind that the path names. */
export function ListPage({ plural }: { readonly plural: string }) {
  const known: KnownKind | undefined = kindOfPlural(plural);
  return known === undefined ? <NotFound /> : <ObjectList known={known} />;
}
