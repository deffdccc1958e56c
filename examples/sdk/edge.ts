/** A handler as edge runtimes run it: nothing but fetch, one kind, a token of the caller's. */
import { createClient, NotFoundError, sse, workloads } from '@datum/sdk';

/** Answers how many instances of a workload are ready: `/default/web`. */
export async function handle(request: Request, { url }: { readonly url: string }): Promise<Response> {
  const [, namespace = '', name = ''] = new URL(request.url).pathname.split('/');
  const client = createClient({
    url,
    token: request.headers.get('authorization')?.replace(/^Bearer /, '') ?? '',
    kinds: { workloads },
    streams: sse,
    timeoutMs: 5_000,
  });
  try {
    const select = { status: { readyReplicas: true, desiredReplicas: true } } as const;
    const workload = await client.workloads.get({ namespace, name, select, signal: request.signal });
    return Response.json(workload.status ?? {});
  } catch (error) {
    if (error instanceof NotFoundError) return new Response(error.message, { status: 404 });
    throw error;
  }
}
