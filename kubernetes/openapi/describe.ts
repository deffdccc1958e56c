import type { Schema } from '../../kinds/schema/schema.ts';

/** What a schema says of itself, with those of our keywords that clients cannot read as sentences. */
export function describe(schema: Schema): string {
  const defaults = schema['x-datum-default'];
  const oneOf = schema['x-datum-one-of'];
  const notYet = schema['x-datum-not-yet'];
  const sentences = [
    schema.description ?? '',
    oneOf === undefined ? '' : `${oneOf.optional ? 'At most' : 'Exactly'} one of ${oneOf.fields.join(', ')} is set.`,
    defaults === undefined ? '' : `Where absent, ${JSON.stringify(defaults)} counts.`,
    schema['x-datum-immutable'] === true ? 'Cannot change after creation.' : '',
    notYet === undefined ? '' : notYetSentence(notYet),
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

function notYetSentence({ except }: { readonly except?: unknown }): string {
  const unless = except === undefined ? '' : `, unless it is ${JSON.stringify(except)}`;
  return `Stored, but nothing acts on it yet${unless}.`;
}
