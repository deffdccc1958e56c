import type { InstanceSpec, WorkloadGateway } from '../../kinds/generated/types.ts';
import { namedPortsOf } from '../gcp-objects/firewalls/named-ports.ts';

/** A listener with the ports of the machines that its routes lead to. */
export interface ListenerRoute {
  readonly name: string;
  readonly port: number;
  /** Distinct by number, in the order of the routes; empty where no route serves the listener. */
  readonly targets: readonly TargetPort[];
}

export interface TargetPort {
  readonly name: string;
  readonly port: number;
}

/** Where each listener leads. A route without parents serves all of them. */
export function listenerRoutes({ template, tcpRoutes = [] }: WorkloadGateway, machine: InstanceSpec): ListenerRoute[] {
  const tcp = namedPortsOf(machine).filter(({ protocol }) => (protocol ?? 'TCP') === 'TCP');
  const ports = new Map(tcp.flatMap(({ name, port }) => (name ? [[name, port] as const] : [])));
  return template.spec.listeners.map(({ name, port }) => {
    const serving = tcpRoutes.filter(
      ({ parentRefs = [] }) => parentRefs.length === 0 || parentRefs.some(({ sectionName }) => sectionName === name),
    );
    const names = serving.flatMap(({ rules }) =>
      rules.flatMap(({ backendRefs }) => backendRefs.map((one) => one.name)),
    );
    const targets = new Map<number, TargetPort>();
    for (const target of names) {
      const number = ports.get(target);
      if (number !== undefined && !targets.has(number)) targets.set(number, { name: target, port: number });
    }
    return { name, port, targets: [...targets.values()] };
  });
}
