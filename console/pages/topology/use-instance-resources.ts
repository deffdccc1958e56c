import { useQuery } from '@tanstack/react-query';
import type { Instance } from '../../../sdk/main.ts';
import { useClient } from '../../api/client-context.tsx';
import { healthOf } from '../../catalog/health.ts';
import type { GraphedResource } from '../../models/topology.ts';

interface Answer {
  readonly [alias: string]: {
    readonly metadata: { readonly uid: string };
    readonly cloudResources: readonly GraphedResource[];
  } | null;
}

/** Instances that are asked for in one request, as aliases are bounded. */
const maxAsked = 25;

/** What was made in the cloud for these instances, by their uid; read anew when one of them is otherwise. */
export function useInstanceResources(instances: readonly Instance[]): ReadonlyMap<string, readonly GraphedResource[]> {
  const client = useClient();
  const asked = instances.map(({ metadata }) => metadata);
  const states = instances.map((each) => `${each.metadata.uid} ${healthOf(each).label}`);
  const { data } = useQuery({
    queryKey: ['cloud of', ...states],
    queryFn: async ({ signal }) => {
      const parts = Array.from({ length: Math.ceil(asked.length / maxAsked) }, (_, at) =>
        asked.slice(at * maxAsked, (at + 1) * maxAsked),
      );
      const answers = await Promise.all(
        parts.map((part) => {
          const fields = part.map(
            (_, at) =>
              `i${at}:instance(namespace:$s${at} name:$n${at}){metadata{uid}cloudResources{type name state verb url}}`,
          );
          const given = part.map((_, at) => `$s${at}:String!$n${at}:String!`);
          const variables = Object.fromEntries(
            part.flatMap(({ name, namespace }, at) => [
              [`s${at}`, namespace],
              [`n${at}`, name],
            ]),
          );
          return client.execute<Answer>(`query CloudOf(${given.join('')}){${fields.join('')}}`, variables, { signal });
        }),
      );
      return new Map(
        answers
          .flatMap((answer) => Object.values(answer))
          .flatMap((each) => (each === null ? [] : [[each.metadata.uid, each.cloudResources] as const])),
      );
    },
    enabled: asked.length > 0,
    placeholderData: (previous) => previous,
  });
  return data ?? none;
}

const none: ReadonlyMap<string, readonly GraphedResource[]> = new Map();
