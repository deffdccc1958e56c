import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../api/client-context.tsx';
import { yamlOf } from '../../catalog/plain-object.ts';
import { YamlBlock } from '../../components/code-block.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Panel } from '../../components/panel.tsx';
import { Status } from '../../components/status.tsx';
import { Link } from '../../routing/link.tsx';
import { pathOf, paths } from '../../routing/paths.ts';

/** What is asked: whether somebody may do something. */
export interface Question {
  readonly verb: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  /** Absent: oneself. */
  readonly user: string | undefined;
  readonly groups: readonly string[] | undefined;
}

interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
}

interface Trace {
  readonly allowed: boolean;
  readonly reason: string;
  readonly bindings: readonly {
    readonly kind: string;
    readonly namespace?: string;
    readonly name: string;
    readonly subject: string;
    readonly role: { readonly kind: string; readonly name: string };
    readonly roleExists: boolean;
    readonly inScope: boolean;
    readonly rules?: readonly { readonly misses: readonly string[] }[];
  }[];
  readonly missing?: Rule;
}

const document = `query WhyDenied($verb:String!$kind:String!$namespace:String$name:String$user:String$groups:[String!]){
  trace:whyDenied(verb:$verb kind:$kind namespace:$namespace name:$name user:$user groups:$groups){
    allowed reason
    bindings{kind namespace name subject role{kind name}roleExists inScope rules{misses}}
    missing{verbs apiGroups resources resourceNames}
  }
}`;

/** The answer, and how it comes about. */
export function TracePanel({ question }: { readonly question: Question }) {
  const client = useClient();
  const { data, error } = useQuery({
    queryKey: ['trace', question],
    queryFn: async ({ signal }) =>
      (await client.execute<{ trace: Trace }>(document, { ...question }, { signal })).trace,
    staleTime: 0,
  });
  if (error !== null) return <ErrorNotice what="The question was not answered" error={error} />;
  if (data === undefined) return <p className="muted">Asking …</p>;
  const { allowed, bindings, missing, reason } = data;
  return (
    <Panel title="Answer">
      <div className="trace" role="status">
        <Status tone={allowed ? 'good' : 'bad'} label={allowed ? 'Yes' : 'No'} />
        <p>{reason}</p>
        {bindings.map((binding) => (
          <div key={`${binding.kind} ${binding.namespace} ${binding.name}`} className="trace-binding">
            <p>
              <Link to={pathOf(binding.kind, binding) ?? paths.access}>
                {binding.kind} {binding.name}
              </Link>{' '}
              gives {binding.subject} the role{' '}
              <Link
                to={
                  pathOf(binding.role.kind, { namespace: binding.namespace, name: binding.role.name }) ?? paths.access
                }
              >
                {binding.role.name}
              </Link>
            </p>
            <p className="muted">{wordsFor(binding)}</p>
          </div>
        ))}
        {missing !== undefined && (
          <>
            <p>The smallest rule that would allow it:</p>
            <YamlBlock label="Missing rule" text={yamlOf([missing])} />
          </>
        )}
      </div>
    </Panel>
  );
}

function wordsFor({ inScope, roleExists, rules }: Trace['bindings'][number]): string {
  if (!roleExists) return 'The role does not exist.';
  if (!inScope) return 'It grants in another namespace.';
  if (rules === undefined) return 'You may not read its rules.';
  if (rules.some(({ misses }) => misses.length === 0)) return 'One of its rules allows it.';
  const misses = [...new Set(rules.flatMap((rule) => rule.misses))].map((miss) =>
    miss.toLowerCase().replaceAll('_', ' '),
  );
  return `None of its ${rules.length} rules goes with it: ${misses.join(', ')}.`;
}
