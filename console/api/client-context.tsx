import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import type { Datum } from '../../sdk/main.ts';
import { createLiveStore, type LiveStore } from '../live/live-store.ts';
import { connect, tokenOf } from './connect.ts';
import { leaveWhenUnknown } from './leave-when-unknown.ts';
import type { Session } from './session.ts';

interface Api {
  readonly client: Datum;
  readonly live: LiveStore;
}

const ApiContext = createContext<Api | undefined>(undefined);

interface ApiProviderProps {
  /** Who is signed in when this begins; a token that is renewed is no other session. */
  readonly session: Session;
  readonly project: string | undefined;
  readonly children: ReactNode;
}

/** Gives what is below it a client of one project, its watches and what was read; give it a key of session and project. */
export function ApiProvider({ session, project, children }: ApiProviderProps) {
  const [api, setApi] = useState<Api>();
  const [first] = useState(session);
  const [queries] = useState(
    // Errors are shown and not tried again here: the client has done so where it helps.
    () =>
      new QueryClient({
        queryCache: new QueryCache({ onError: (error) => leaveWhenUnknown(first, error) }),
        defaultOptions: { queries: { retry: false, staleTime: 10_000, refetchOnWindowFocus: false } },
      }),
  );
  useEffect(() => {
    const client = connect(tokenOf(first), project);
    const live = createLiveStore(client, (error) => leaveWhenUnknown(first, error));
    setApi({ client, live });
    return () => {
      live.close();
      client.close();
    };
  }, [first, project]);
  if (api === undefined) return null;
  return (
    <ApiContext value={api}>
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    </ApiContext>
  );
}

function useApi(): Api {
  const api = useContext(ApiContext);
  if (api === undefined) throw new Error('outside of ApiProvider');
  return api;
}

/** The client of the project that is looked at. */
export function useClient(): Datum {
  return useApi().client;
}

/** The watches of the project that is looked at. */
export function useLiveStore(): LiveStore {
  return useApi().live;
}
