import { type FormEvent, useState } from 'react';
import { connect, readViewer } from '../api/connect.ts';
import { signIn, signOutNotice } from '../api/session.ts';
import { Button } from '../components/button.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { useTitle } from '../routing/use-title.ts';
import { Mark } from './mark.tsx';
import './sign-in.css';

/** Asks for a token, and takes it when the server does. */
export function SignIn() {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const notice = signOutNotice();
  useTitle('Sign in');

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const token = String(new FormData(event.currentTarget).get('token')).trim();
    if (token === '') return;
    setBusy(true);
    const client = connect(token, undefined);
    try {
      await readViewer(client);
      signIn(token);
    } catch (caught) {
      setError(caught);
      setBusy(false);
    } finally {
      client.close();
    }
  }

  return (
    <main className="sign-in">
      <form className="sign-in-card" onSubmit={(event) => void submit(event)}>
        <Mark />
        <h1>Sign in to Datum</h1>
        {notice !== undefined && <p role="status">{notice}</p>}
        <label htmlFor="token">Token</label>
        <input
          id="token"
          name="token"
          type="password"
          className="input"
          autoComplete="off"
          spellCheck={false}
          required
          autoFocus
          aria-describedby="token-help"
        />
        <p id="token-help" className="muted">
          Where the product was started on its defaults, it is the content of <code>.datum/token</code>. Others get one
          from <code>token create</code>. It stays in this tab and is forgotten with it.
        </p>
        <Button type="submit" look="primary" disabled={isBusy}>
          {isBusy ? 'Signing in …' : 'Sign in'}
        </Button>
        {error !== undefined && <ErrorNotice what="The token was not taken" error={error} />}
      </form>
    </main>
  );
}
