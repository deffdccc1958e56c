import type { Instance, Location, Network, NetworkContext, Subnet } from '../../sdk/main.ts';

/** Objects for the tests of models: what a test is not about is left out. */
type Loose = Record<string, unknown>;

function metadata(name: string): Loose {
  return {
    name,
    namespace: 'default',
    uid: `uid-${name}`,
    resourceVersion: '1',
    creationTimestamp: '2026-11-23T10:00:00Z',
  };
}

function conditions(...all: readonly (readonly [type: string, status: string, reason: string])[]): Loose[] {
  return all.map(([type, status, reason]) => ({
    type,
    status,
    reason,
    message: `${type} is ${reason}`,
    lastTransitionTime: '2026-11-23T10:00:09Z',
  }));
}

export function location(name: string, code: string, region: string): Location {
  const spec = { topology: { 'topology.datum.net/city-code': code }, provider: { gcp: { region } } };
  return { metadata: metadata(name), spec } as unknown as Location;
}

export function network(name = 'net', status: Loose = { ipam: { ipv4Range: '10.128.0.0/9' } }): Network {
  return { metadata: metadata(name), spec: { ipam: { mode: 'Auto' } }, status } as unknown as Network;
}

export function context(name: string, place: string, of = 'net'): NetworkContext {
  const spec = { network: { name: of }, location: { name: place, namespace: 'default' } };
  return {
    metadata: metadata(name),
    spec,
    status: { conditions: conditions(['Ready', 'True', 'Ready']) },
  } as unknown as NetworkContext;
}

export function subnet(name: string, of: string, startAddress: string, prefixLength: number): Subnet {
  const spec = { networkContext: { name: of }, ipFamily: 'IPv4' };
  return { metadata: metadata(name), spec, status: { startAddress, prefixLength } } as unknown as Subnet;
}

export function instance(name: string, address?: string, more: Loose = {}): Instance {
  const spec = { networkInterfaces: [{ network: { name: 'net' } }], location: { name: 'dfw', namespace: 'default' } };
  const assignments = address === undefined ? {} : { networkIP: address };
  const status = {
    conditions: conditions(
      ['Programmed', 'True', 'Programmed'],
      ['Running', 'True', 'Running'],
      ['Ready', 'True', 'Running'],
    ),
    networkInterfaces: [{ assignments }],
  };
  return {
    metadata: metadata(name),
    spec: { ...spec, ...(more['spec'] as Loose) },
    status: { ...status, ...(more['status'] as Loose) },
  } as unknown as Instance;
}

export { conditions as conditionsLike };
