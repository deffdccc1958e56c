import { factsOf } from '../../kinds/generator/facts.ts';
import { isConnection, isSingle, relationsOf, type Relation } from '../../kinds/generator/graphql-api/relations.ts';
import type { KindModel, Model } from '../../kinds/generator/model.ts';
import type { RelationText } from '../client/kind.ts';

/** A relation of a kind, as the client knows it. */
export interface ClientRelation {
  readonly field: string;
  /** Kind that it leads to. */
  readonly to: string;
  readonly form: 'One' | 'Many' | 'Paged';
  readonly text: RelationText;
}

/** All relations, by kind. */
export function clientRelations(model: Model): (kind: KindModel) => ClientRelation[] {
  const all = relationsOf(factsOf(model).kinds);
  return (kind) =>
    [...(all.get(kind.name) ?? [])].map(([field, relation]) => ({
      field,
      to: relation.to,
      form: isConnection(relation) ? 'Paged' : isSingle(relation) ? 'One' : 'Many',
      text: `${how(relation)} ${relation.to}`,
    }));
}

function how(relation: Relation) {
  if (relation.via === 'reference') return relation.single ? 'reference' : 'references';
  if (relation.via === 'path') return relation.single ? 'path' : 'paths';
  return relation.via;
}
