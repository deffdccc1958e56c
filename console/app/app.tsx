import { CSPProvider } from '@base-ui/react/csp-provider';
import { Router, useLocation } from 'wouter';
import { ApiProvider } from '../api/client-context.tsx';
import { Toasts } from '../components/toasts.tsx';
import { signedInPath } from '../api/login/log-in.ts';
import { useSession } from '../api/session.ts';
import { baseOf, projectIn } from '../routing/scope.ts';
import { Shell } from './shell.tsx';
import { SignIn } from './sign-in.tsx';
import { SignedIn } from './signed-in.tsx';

/** The console: whoever is not signed in does that, wherever they are, and then is there. */
export function App() {
  const session = useSession();
  const [path] = useLocation();
  const project = projectIn(path);
  return (
    // Inline styles of components would be against the gateway's policy; ours are in style sheets.
    <CSPProvider disableStyleElements>
      <Toasts>
        {path === signedInPath ? (
          <SignedIn />
        ) : session === undefined ? (
          <SignIn />
        ) : (
          <ApiProvider key={`${session.id} ${project}`} session={session} project={project}>
            <Router base={baseOf(project)}>
              <Shell />
            </Router>
          </ApiProvider>
        )}
      </Toasts>
    </CSPProvider>
  );
}
