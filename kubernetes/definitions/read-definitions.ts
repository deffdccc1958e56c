import { contentType } from '../form/form.ts';
import { formOf } from '../form/negotiate.ts';
import { renderList, renderObject } from '../form/render.ts';
import type { Gate } from '../http/authorised.ts';
import type { Answer, Call } from '../http/call.ts';
import type { Target } from '../http/target.ts';
import { isTrue } from '../http/verb.ts';
import { listOptions } from '../read/list-options.ts';
import { futureRevision } from '../read/revision.ts';
import type { ServedResources } from '../served/served-resources.ts';
import { objectNotFound } from '../status/refusals.ts';
import { definitions } from './definition.ts';
import { selectorOf } from './select-definitions.ts';
import { watchDefinitions } from './watch-definitions.ts';

/** GET of one definition, of all, or with `watch` of a stream that says nothing new, since definitions do not change. */
export async function readDefinitions(
  call: Call,
  target: Target,
  { served: { all }, ...gate }: { readonly served: Pick<ServedResources, 'all'> } & Pick<Gate, 'authority'>,
): Promise<Answer> {
  const { served, name, store } = target;
  if (name !== undefined) {
    const definition = definitions(all).find(({ metadata }) => metadata.name === name);
    if (definition === undefined) throw objectNotFound(served, name);
    const form = formOf(call, served);
    return { status: 200, type: contentType(form), body: renderObject(form, served, definition) };
  }
  const selected = definitions(all).filter(selectorOf(call.query, served));
  if (isTrue(call.query.get('watch'))) return watchDefinitions(call, target, gate, selected);
  const form = formOf(call, served);
  const { revision } = listOptions(call.query);
  const newest = await store.revision();
  if (revision !== undefined && revision > newest) throw futureRevision(revision, newest);
  // They are few, so `limit` is not needed: a page may be the whole list.
  const body = renderList(form, served, selected, { resourceVersion: String(newest) });
  return { status: 200, type: contentType(form), body };
}
