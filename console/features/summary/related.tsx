import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../api/client-context.tsx';
import type { AnyObject } from '../../catalog/any-object.ts';
import { healthOf } from '../../catalog/health.ts';
import { kindOfType, type KnownKind } from '../../catalog/known-kinds.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Status } from '../../components/status.tsx';
import { Link } from '../../routing/link.tsx';
import { pathOfObject } from '../../routing/paths.ts';

interface RelatedProps {
  readonly known: KnownKind;
  readonly object: AnyObject;
}

/** Objects of each relation that are shown. */
const maxShown = 20;
/** How a relation is said. */
const hows: Readonly<Record<string, string>> = {
  owned: 'owns',
  owner: 'owned by',
  reference: 'names',
  references: 'names',
  referrers: 'named by',
  path: 'leads to',
  paths: 'leads to',
};

/** Objects that have to do with an object, by its relations. Read when the object changes. */
export function Related({ known: { facts, kind }, object }: RelatedProps) {
  const client = useClient();
  const { name, namespace, resourceVersion } = object.metadata;
  const relations = Object.entries(kind.relations);
  const { data, error } = useQuery({
    queryKey: ['related', facts.many, namespace, name, resourceVersion],
    queryFn: async ({ signal }) =>
      client.resource(kind).find({
        namespace: facts.namespaced ? namespace : undefined,
        name,
        select: Object.fromEntries([['kind', true], ...relations.map(([field, text]) => [field, selectionOf(text)])]),
        signal,
      }),
    enabled: relations.length > 0,
    placeholderData: (previous) => previous,
  });
  if (relations.length === 0) return null;
  if (error !== null) return <ErrorNotice what="Related objects could not be read" error={error} />;
  const rows = relations.flatMap(([field, text]) => {
    const [how = ''] = text.split(' ');
    return objectsOf(data?.[field]).map((each) => ({ how: hows[how] ?? how, each }));
  });
  if (data !== undefined && rows.length === 0) return null;
  return (
    <Panel title="Related" flush>
      <PlainTable
        label="Related objects"
        head={['Object', 'Kind', 'How', 'State']}
        rows={rows.map(({ how, each }) => {
          const health = healthOf(each);
          return {
            key: `${how} ${each.kind} ${each.metadata.namespace} ${each.metadata.name}`,
            cells: [
              <Link key="name" to={pathOfObject(each)}>
                {each.metadata.name}
              </Link>,
              each.kind,
              how,
              health.tone === 'idle' ? '–' : <Status key="state" tone={health.tone} label={health.label} />,
            ],
          };
        })}
      />
    </Panel>
  );
}

function selectionOf(relation: string): object {
  const [how, to = ''] = relation.split(' ');
  const target = kindOfType(to);
  const node = {
    kind: true,
    metadata: { name: true, namespace: true, uid: true, resourceVersion: true, deletionTimestamp: true },
    ...(target !== undefined && target.facts.conditions.length > 0 ? { status: { conditions: true } } : {}),
  };
  return how === 'owned' || how === 'referrers' ? { $: { first: maxShown }, nodes: node } : node;
}

function objectsOf(relation: unknown): readonly AnyObject[] {
  if (relation === undefined) return [];
  if (Array.isArray(relation)) return relation as AnyObject[];
  const { nodes } = relation as { readonly nodes?: readonly AnyObject[] };
  return nodes ?? [relation as AnyObject];
}
