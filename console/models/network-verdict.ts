import type { Network, NetworkContext, Subnet } from '../../sdk/main.ts';
import { compareTones, healthOf, type Tone } from '../catalog/health.ts';
import { countText } from './consumers.ts';

interface Verdict {
  readonly tone: Tone;
  readonly text: string;
}

/** How a network is, in a sentence: what of it is worst, else how much of it is used. */
export function networkVerdict(
  network: Network,
  contexts: readonly NetworkContext[],
  subnets: readonly Subnet[],
): Verdict {
  const parts = [network, ...contexts, ...subnets].map((object) => ({ object, health: healthOf(object) }));
  const [worst] = parts.toSorted((a, b) => compareTones(a.health.tone, b.health.tone));
  const tone = worst?.health.tone ?? 'idle';
  if (worst !== undefined && tone !== 'good' && tone !== 'idle') {
    const { health, object } = worst;
    const others = parts.filter((each) => each.health.tone === tone).length - 1;
    const message = health.condition?.message ?? health.label;
    const more = others === 0 ? '' : ` So are ${others} more of its parts.`;
    return { tone, text: `${object.kind} ${object.metadata.name} is not ready: ${message.replace(/\.$/, '')}.${more}` };
  }
  if (contexts.length === 0) return { tone, text: 'Nothing uses it yet, so it is in no location.' };
  const given = network.status?.ipam?.allocatedAddresses ?? 0;
  const where = `${countText(contexts.length, 'location')} with ${countText(subnets.length, 'subnet')}`;
  const use = given === 1 ? '1 address of it is in use' : `${given.toLocaleString('en')} addresses of it are in use`;
  return { tone, text: `It is present in ${where}; ${use}.` };
}
