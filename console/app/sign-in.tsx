import { useEffect, useState } from 'react';
import { leaveToLogIn } from '../api/login/log-in.ts';
import { type LoginProvider, readProviders } from '../api/login/providers.ts';
import { signOutNotice } from '../api/session.ts';
import { Button } from '../components/button.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { useTitle } from '../routing/use-title.ts';
import { SignInCard } from './sign-in-card.tsx';
import { TokenForm } from './token-form.tsx';

/** Asks who one is: by an OpenID provider, where the server names some, or by a token. */
export function SignIn() {
  const [providers, setProviders] = useState<readonly LoginProvider[]>();
  const notice = signOutNotice();
  useTitle('Sign in');
  useEffect(() => {
    // Whatever is wrong with the question, the token remains.
    readProviders().then(setProviders, () => setProviders([]));
  }, []);
  if (providers === undefined) return null;
  return (
    <SignInCard title="Sign in to Datum">
      {notice !== undefined && <p role="status">{notice}</p>}
      <ProviderButtons providers={providers} />
      <TokenForm isOnlyWay={providers.length === 0} />
    </SignInCard>
  );
}

/** A button for each provider. */
function ProviderButtons({ providers }: { readonly providers: readonly LoginProvider[] }) {
  const [leaving, setLeaving] = useState<LoginProvider>();
  const [failed, setFailed] = useState<{ readonly name: string; readonly error: unknown }>();
  if (providers.length === 0) return null;

  async function leave(provider: LoginProvider): Promise<void> {
    setLeaving(provider);
    await leaveToLogIn(provider).catch((error: unknown) => {
      setFailed({ name: provider.name, error });
      setLeaving(undefined);
    });
  }

  return (
    <>
      {providers.map((provider) => (
        <Button
          key={provider.issuer}
          look="primary"
          // Without a secure page there is no safe way to keep the answer to oneself.
          disabled={leaving !== undefined || !isSecureContext}
          onClick={() => void leave(provider)}
        >
          {leaving === provider ? `Going to ${provider.name} …` : `Continue with ${provider.name}`}
        </Button>
      ))}
      {!isSecureContext && <p className="muted">This needs HTTPS, and this page came without.</p>}
      {failed !== undefined && <ErrorNotice what={`${failed.name} cannot be reached`} error={failed.error} />}
      <p className="sign-in-or muted">or</p>
    </>
  );
}
