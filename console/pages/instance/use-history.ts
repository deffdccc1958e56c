import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../api/client-context.tsx';
import type { Instance } from '../../../sdk/main.ts';
import type { Write } from '../../models/instance-steps.ts';

/** Writes that are read; an instance is ready after about ten. */
const newest = 200;
/** The history of a write is there this much after the write, in ms. */
const writtenAfterMs = 3_000;

const document = `query Steps($namespace:String!$name:String!){instance(namespace:$namespace name:$name){history(first:${newest}){nodes{time changes{path before after}}}}}`;

/** The writes to an instance; none until they are known, and for those who may not get it. */
export function useHistory({ metadata }: Instance): readonly Write[] {
  const client = useClient();
  const { namespace, name, resourceVersion } = metadata;
  const { data } = useQuery({
    queryKey: ['steps', namespace, name, resourceVersion],
    queryFn: async ({ signal }) => {
      const answer = await client.execute<{ instance?: { history: { nodes: readonly Write[] } } }>(
        document,
        { namespace, name },
        { signal },
      );
      return answer.instance?.history.nodes ?? [];
    },
    placeholderData: (previous) => previous,
    // It follows the write that this version is; once it holds that, nothing more comes.
    refetchInterval: ({ state }) => (state.dataUpdateCount < 2 ? writtenAfterMs : false),
  });
  return data ?? [];
}
