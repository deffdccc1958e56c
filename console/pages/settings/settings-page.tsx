import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../api/client-context.tsx';
import { readViewer } from '../../api/connect.ts';
import { signOut } from '../../api/login/sign-out.ts';
import { setTheme, type Theme, themes, useTheme } from '../../api/theme.ts';
import { Button } from '../../components/button.tsx';
import { Chips, Facts } from '../../components/facts.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Panel } from '../../components/panel.tsx';
import { useConnection } from '../../live/use-live.ts';
import { useTitle } from '../../routing/use-title.ts';

const labels = { system: 'As the computer', light: 'Light', dark: 'Dark' } satisfies Record<Theme, string>;

/** How the console looks, who is signed in, and how other programs get in. */
export function SettingsPage() {
  useTitle('Settings');
  const theme = useTheme();
  const client = useClient();
  const connection = useConnection();
  const { data: viewer } = useQuery({
    queryKey: ['viewer'],
    queryFn: async () => readViewer(client),
    staleTime: Infinity,
  });
  const { origin } = globalThis.location;
  return (
    <div className="stack">
      <PageHead title="Settings" about="They hold for this browser." />
      <div className="columns">
        <Panel title="Appearance">
          <div className="row" role="group" aria-label="Theme">
            {themes.map((each) => (
              <Button key={each} aria-pressed={each === theme} onClick={() => setTheme(each)}>
                {labels[each]}
              </Button>
            ))}
          </div>
        </Panel>
        <Panel title="Signed in" aside={<Button onClick={() => void signOut()}>Sign out</Button>}>
          <Facts
            facts={[
              ['User', viewer?.user],
              ['Groups', viewer && <Chips of={Object.fromEntries(viewer.groups.map((group) => [group, '']))} />],
              ['Project', viewer?.project],
              ['Token', 'kept in this tab, and forgotten with it'],
            ]}
          />
        </Panel>
        <Panel title="Connection">
          <Facts
            facts={[
              ['GraphQL', <code key="graphql">{origin}/graphql</code>],
              ['Watches', connection.state],
              ['Since', connection.since.getTime() === 0 ? undefined : connection.since.toLocaleString()],
            ]}
          />
        </Panel>
        <Panel title="From elsewhere">
          <p>
            Everything here can be done with <code>kubectl --kubeconfig .datum/kubeconfig</code>, through GraphQL, and
            with the SDK <code>@datum/sdk</code>. The button <strong>Copy as</strong> says how, for each object and
            action.
          </p>
        </Panel>
      </div>
    </div>
  );
}
