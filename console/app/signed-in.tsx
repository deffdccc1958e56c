import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { connect, readViewer } from '../api/connect.ts';
import { takeAnswer } from '../api/login/log-in.ts';
import { keepLogin } from '../api/session.ts';
import { UnauthenticatedError } from '../../sdk/main.ts';
import { buttonClass } from '../components/button.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { useTitle } from '../routing/use-title.ts';
import { SignInCard } from './sign-in-card.tsx';

/** The answer that is taken: it counts once, even where React runs an effect twice. */
let taking: Promise<string> | undefined;

/** Takes what a provider sent somebody back with, and goes to the page that was asked for. */
export function SignedIn() {
  const [error, setError] = useState<unknown>();
  const [, navigate] = useLocation();
  useTitle('Sign in');
  useEffect(() => {
    taking ??= take(globalThis.location.search);
    taking.then((returnTo) => navigate(returnTo, { replace: true }), setError).finally(() => (taking = undefined));
  }, [navigate]);
  if (error === undefined)
    return (
      <SignInCard title="Sign in to Datum">
        <p role="status">Signing in …</p>
      </SignInCard>
    );
  return (
    <SignInCard title="Sign in to Datum">
      <ErrorNotice what="You are not signed in" error={error} />
      <a className={buttonClass('primary')} href="/">
        Try again
      </a>
    </SignInCard>
  );
}

/** Answers the page to go to, once the product has said that it knows who came. */
async function take(search: string): Promise<string> {
  const { name, returnTo, session } = await takeAnswer(search);
  const client = connect(session.token, undefined);
  try {
    await readViewer(client);
  } catch (error) {
    if (!(error instanceof UnauthenticatedError)) throw error;
    throw new Error(`${name} knows you, but this product does not take what it says of you. Ask whoever runs it.`);
  } finally {
    client.close();
  }
  keepLogin(session);
  return returnTo;
}
