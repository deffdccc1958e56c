import type { Answer, Call } from '../http/call.ts';
import type { Target } from '../http/target.ts';

/** GET of a collection with `watch`: a stream of its changes. */
export async function watchObjects(call: Call, target: Target): Promise<Answer> {
  const { served, store, context, namespace } = target;
  return {
    status: 200,
    body: async (out) => {
      const options = { signal: call.signal, ...(namespace === '' ? {} : { namespace }) };
      for await (const event of store.watch(context, served.stored?.id ?? '', options)) {
        if (event.type === 'BOOKMARK') continue;
        if (!out.write(`${JSON.stringify({ type: event.type, object: event.object })}\n`)) await out.drained();
      }
    },
  };
}
