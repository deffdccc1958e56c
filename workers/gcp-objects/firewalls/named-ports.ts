import type { InstanceSpec } from '../../../kinds/generated/types.ts';
import type { NamedPort } from '../../clouds/gcp/firewall-policy/ports.ts';

/** Ports that an instance gives names to. */
export function namedPortsOf({ runtime }: InstanceSpec): NamedPort[] {
  return [
    ...(runtime.virtualMachine?.ports ?? []),
    ...(runtime.sandbox?.containers ?? []).flatMap(({ ports }) => ports ?? []),
  ];
}
