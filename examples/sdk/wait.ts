/** Applies a network and waits until it is Ready; says why when it is not. */
import { explainWhy, NotReadyError } from '@datum/sdk';
import { datum } from './connect.ts';

const key = { namespace: 'default', name: 'awaited' } as const;
await datum.networks.apply({ metadata: key, spec: { ipam: { mode: 'Auto' } } });
try {
  const ready = await datum.networks.waitFor(key, 'Ready', { timeoutMs: 20_000 });
  console.log('ready:', ready.status?.ipam?.ipv4Range);
} catch (error) {
  if (!(error instanceof NotReadyError)) throw error;
  console.log(error.message);
  console.log((await explainWhy(datum, { kind: 'Network', ...key })).causes);
}
await datum.networks.delete(key);
