import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '../cli-error.ts';
import { OidcError, postForm, type Provider, type Tokens } from '../../oidc/provider.ts';

interface DeviceAnswer {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly verification_uri_complete?: string;
  /** Seconds. */
  readonly expires_in: number;
  /** Seconds between two questions; 5 where it is not said. */
  readonly interval?: number;
}

export interface DeviceLogin {
  readonly provider: Provider;
  readonly clientId: string;
  readonly scope: string;
  readonly audience: string | undefined;
  /** Tells a person where to go, and which code to give there. */
  readonly show: (url: string, code: string) => void;
}

/** Logs in by a browser on any machine (RFC 8628): the person goes to an address and gives a code there. */
export async function logInByDevice({ audience, clientId, provider, scope, show }: DeviceLogin): Promise<Tokens> {
  if (provider.device_authorization_endpoint === undefined)
    throw new CliError(`${provider.issuer} has no login by device; leave out --device`);
  const device = await postForm<DeviceAnswer>(provider.device_authorization_endpoint, {
    client_id: clientId,
    scope,
    resource: audience,
  });
  show(device.verification_uri_complete ?? device.verification_uri, device.user_code);
  const until = Date.now() + device.expires_in * 1_000;
  let intervalMs = (device.interval ?? 5) * 1_000;
  while (Date.now() < until) {
    await sleep(intervalMs);
    try {
      return await postForm<Tokens>(provider.token_endpoint, {
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        device_code: device.device_code,
        client_id: clientId,
      });
    } catch (error) {
      if (!(error instanceof OidcError)) throw error;
      if (error.error === 'slow_down') intervalMs += 5_000;
      else if (error.error !== 'authorization_pending') throw error;
    }
  }
  throw new CliError('nobody logged in before the code ended');
}
