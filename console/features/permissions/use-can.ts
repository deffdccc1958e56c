import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../api/client-context.tsx';

const document =
  'query ViewerCan($verb:String!$kind:String!$namespace:String){can:viewerCan(verb:$verb kind:$kind namespace:$namespace)}';

/** Whether the caller may do something with a kind, in a namespace or in all; false until it is known. */
export function useCan(verb: string, kind: string, namespace?: string | undefined): boolean {
  const client = useClient();
  const { data } = useQuery({
    queryKey: ['can', verb, kind, namespace],
    queryFn: async ({ signal }) => client.execute<{ can: boolean }>(document, { verb, kind, namespace }, { signal }),
    staleTime: 30_000,
  });
  return data?.can ?? false;
}
