import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useClient } from '../../api/client-context.tsx';
import { knownKinds } from '../../catalog/known-kinds.ts';
import { useLive } from '../../live/use-live.ts';

interface Named {
  readonly metadata: { readonly namespace: string; readonly name: string };
}

/** What one network knows of an address. What the token may not see is absent. */
export interface Holder {
  readonly range: string;
  readonly subnetRange?: string | null;
  readonly interface?: number | null;
  readonly state?: 'UNASSIGNED' | 'RESERVED' | 'FREE' | 'ALLOCATED' | null;
  readonly network?: Named | null;
  readonly subnet?: Named | null;
  readonly instance?: Named | null;
}

const named = 'metadata{namespace name}';
const document = `query WhoHas($address:String!){whoHas(address:$address){range subnetRange interface state network{${named}}subnet{${named}}instance{${named}}}}`;
/** What changes when an address is given or given back. */
const select = { metadata: { name: true, namespace: true, uid: true }, status: { networkInterfaces: true } };

/** Who has an address, asked anew when addresses of any instance change. */
export function useHolders(address: string): UseQueryResult<readonly Holder[]> {
  const client = useClient();
  const instances = knownKinds.get('instances');
  const { objects, isSynced } = useLive(instances && { kind: instances.kind, select });
  const query = useQuery({
    queryKey: ['whoHas', address],
    queryFn: async ({ signal }) => {
      const answer = await client.execute<{ whoHas: readonly Holder[] }>(document, { address }, { signal });
      return answer.whoHas;
    },
  });
  const { refetch } = query;
  const last = useRef(objects);
  useEffect(() => {
    if (last.current !== objects && isSynced) void refetch();
    last.current = objects;
  }, [objects, isSynced, refetch]);
  return query;
}
