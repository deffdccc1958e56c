import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { AddressRule } from './address-rules.ts';
import { RefusedUrl } from './refused-url.ts';

/** All addresses of a name. */
export type ResolveAll = (hostname: string) => Promise<readonly LookupAddress[]>;

/** As the system resolves names, /etc/hosts included. */
export const resolveAll: ResolveAll = (hostname) =>
  new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true }, (error, addresses) => (error === null ? resolve(addresses) : reject(error)));
  });

/**
 * The look-up of one connection: what was judged is what is connected to, so a name that answers differently the next time
 * gains nothing. A name with any address that is not allowed is refused as a whole.
 */
export function pinnedLookup(allows: AddressRule, resolve: ResolveAll): LookupFunction {
  return (hostname, options, done) => {
    const answer = (error: Error | null, addresses: readonly LookupAddress[]): void => {
      const [first] = addresses;
      if (options.all === true) done(error, [...addresses]);
      else done(error, first?.address ?? '', first?.family ?? 0);
    };
    resolve(hostname).then(
      (addresses) => {
        const isFine = addresses.length > 0 && addresses.every(({ address }) => allows(address));
        if (isFine) answer(null, addresses);
        else answer(new RefusedUrl(`${hostname} leads to an address that is not allowed`), []);
      },
      () => answer(new RefusedUrl(`${hostname} cannot be found`), []),
    );
  };
}
