import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useClient } from '../../api/client-context.tsx';
import { readViewer } from '../../api/connect.ts';
import { kindFacts } from '../../generated/kinds.ts';
import { Button, buttonClass } from '../../components/button.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Panel } from '../../components/panel.tsx';
import { Link } from '../../routing/link.tsx';
import { paths } from '../../routing/paths.ts';
import { useNamespace } from '../../routing/scope.ts';
import { useTitle } from '../../routing/use-title.ts';
import { BindingsPanel } from './bindings-panel.tsx';
import { type Question, TracePanel } from './trace-panel.tsx';
import './rights-page.css';

const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'use', 'impersonate'];

/** Who may do what, and why, or why not. */
export function RightsPage() {
  useTitle('Access');
  const client = useClient();
  const namespace = useNamespace();
  const [question, setQuestion] = useState<Question>();
  const { data: viewer } = useQuery({
    queryKey: ['viewer'],
    queryFn: async () => readViewer(client),
    staleTime: Infinity,
  });

  function ask(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string): string | undefined => String(form.get(name) ?? '').trim() || undefined;
    const groups = text('groups')
      ?.split(',')
      .map((each) => each.trim())
      .filter(Boolean);
    setQuestion({
      verb: text('verb') ?? 'get',
      kind: text('kind') ?? 'Workload',
      namespace: text('namespace'),
      name: text('name'),
      user: text('user'),
      groups,
    });
  }

  return (
    <div className="stack">
      <PageHead
        title="Access"
        about="Roles say what may be done, bindings say who has a role: the same rules hold here, for kubectl and for GraphQL."
        actions={
          <>
            <Link to={paths.create('rolebindings')} className={buttonClass('plain')}>
              Grant in a namespace
            </Link>
            <Link to={paths.create('clusterrolebindings')} className={buttonClass('plain')}>
              Grant everywhere
            </Link>
          </>
        }
      />
      <Panel title="May somebody do something?">
        <form className="access-form" onSubmit={ask}>
          <TextField name="user" label="Who" placeholder={viewer?.user ?? 'you'} />
          <TextField name="groups" label="In groups" placeholder="none" />
          <label>
            May
            <select name="verb" className="input" defaultValue="delete">
              {verbs.map((verb) => (
                <option key={verb}>{verb}</option>
              ))}
            </select>
          </label>
          <label>
            Kind
            <select name="kind" className="input" defaultValue="Workload">
              {kindFacts.map(({ type }) => (
                <option key={type}>{type}</option>
              ))}
            </select>
          </label>
          <TextField name="namespace" label="In namespace" placeholder="all" defaultValue={namespace} />
          <TextField name="name" label="Named" placeholder="any" />
          <Button type="submit" look="primary">
            Ask
          </Button>
        </form>
      </Panel>
      {question !== undefined && <TracePanel question={question} />}
      <BindingsPanel />
    </div>
  );
}

interface TextFieldProps {
  readonly name: string;
  readonly label: string;
  readonly placeholder: string;
  readonly defaultValue?: string | undefined;
}

function TextField({ name, label, placeholder, defaultValue }: TextFieldProps) {
  return (
    <label>
      {label}
      <input
        name={name}
        className="input"
        placeholder={placeholder}
        defaultValue={defaultValue}
        autoComplete="off"
        spellCheck={false}
      />
    </label>
  );
}
