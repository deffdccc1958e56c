import { createHash } from 'node:crypto';
import type { GraphQLSchema } from 'graphql';
import { readModel } from '../../kinds/generator/model.ts';
import { documents } from '../client/documents.ts';
import { selectionOf } from '../client/selection.ts';
import { clientKinds } from './kinds.ts';

/**
 * graphql-codegen plugin: `sdk/generated/trusted-documents.json`, every document that the client sends where nothing is
 * selected, by `sha256:<hex>`: what a server needs to know to take no others.
 */
export function plugin(schema: GraphQLSchema): string {
  const kinds = [...clientKinds(readModel(schema)).values()];
  const all = kinds.flatMap((kind) => {
    const everything = selectionOf(kind, undefined, () => undefined);
    return Object.values(documents).map((document) => document(kind, everything));
  });
  const entries = all.map((document) => [`sha256:${createHash('sha256').update(document).digest('hex')}`, document]);
  return `${JSON.stringify(Object.fromEntries(entries), undefined, 1)}\n`;
}
