import { type FormEvent, useState } from 'react';
import { connect, readViewer } from '../api/connect.ts';
import { signIn } from '../api/session.ts';
import { Button } from '../components/button.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';

/** Asks for a token, and takes it when the server does. `isOnlyWay` says that there is no other way to sign in. */
export function TokenForm({ isOnlyWay }: { readonly isOnlyWay: boolean }) {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);

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
    <form className="sign-in-form" onSubmit={(event) => void submit(event)}>
      <label htmlFor="token">Token</label>
      <input
        id="token"
        name="token"
        type="password"
        className="input"
        autoComplete="off"
        spellCheck={false}
        required
        autoFocus={isOnlyWay}
        aria-describedby="token-help"
      />
      <p id="token-help" className="muted">
        The administrator&rsquo;s token is in <code>.datum/token</code>, in the folder where <code>npm start</code>{' '}
        runs. Others get theirs from whoever runs Datum. It stays in this tab and is gone when you close it.
      </p>
      <Button type="submit" look={isOnlyWay ? 'primary' : 'plain'} disabled={isBusy}>
        {isBusy ? 'Signing in …' : 'Sign in'}
      </Button>
      {error !== undefined && <ErrorNotice what="The token was not taken" error={error} />}
    </form>
  );
}
