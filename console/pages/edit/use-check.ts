import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useClient } from '../../api/client-context.tsx';
import type { AnyObject } from '../../catalog/any-object.ts';
import type { KnownKind } from '../../catalog/known-kinds.ts';
import type { Draft } from './use-draft.ts';
import { writerOf } from './writer.ts';

/** The server is asked when typing rests, in ms. */
const restMs = 350;

/** What the server says of a draft, by a dry run. */
export interface Check {
  /** Whether it is said of the draft as it is now. */
  readonly isCurrent: boolean;
  readonly error: unknown;
  /** What would be stored. */
  readonly result: { readonly object: AnyObject; readonly warnings: readonly string[] } | undefined;
}

/** Has the server check a draft while it is written; `base` is the object that it changes, where there is one. */
export function useCheck(known: KnownKind, base: AnyObject | undefined, draft: Draft): Check {
  const client = useClient();
  const [asked, setAsked] = useState(draft.text);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(draft.text), restMs);
    return () => clearTimeout(timer);
  }, [draft.text]);
  const isAsked = draft.error === undefined && asked === draft.text;
  const { data, error, isFetching } = useQuery({
    queryKey: ['check', known.facts.many, base?.metadata.uid, base?.metadata.resourceVersion, asked],
    queryFn: async ({ signal }) => writerOf(client, known, base)(draft.value, { dryRun: true, signal }),
    enabled: isAsked,
    staleTime: 0,
    gcTime: 0,
  });
  const isCurrent = isAsked && !isFetching;
  return { isCurrent, error: isCurrent ? error : null, result: isCurrent ? data : undefined };
}
