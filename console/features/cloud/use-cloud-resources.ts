import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useClient } from '../../api/client-context.tsx';
import type { KnownKind } from '../../catalog/known-kinds.ts';
import { type CloudResource, cloudResourceFields } from '../../models/cloud-resource.ts';

interface Which {
  readonly metadata: { readonly namespace?: string; readonly name: string; readonly resourceVersion: string };
}

/** What was made in a cloud for an object; read anew when the object changes, as it does when an operation ends. */
export function useCloudResources(
  { kind, facts }: KnownKind,
  { metadata }: Which,
): UseQueryResult<readonly CloudResource[]> {
  const client = useClient();
  const { namespace, name, resourceVersion } = metadata;
  const document = `query Cloud($namespace:String!$name:String!){object:${kind.one}(namespace:$namespace name:$name){cloudResources{${cloudResourceFields}}}}`;
  return useQuery({
    queryKey: ['cloud', facts.many, namespace, name, resourceVersion],
    queryFn: async ({ signal }) => {
      const answer = await client.execute<{ object?: { cloudResources: readonly CloudResource[] } }>(
        document,
        { namespace, name },
        { signal },
      );
      return answer.object?.cloudResources ?? [];
    },
    placeholderData: (previous) => previous,
  });
}
