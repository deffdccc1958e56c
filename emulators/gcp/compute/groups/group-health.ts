import type { ResourceRow } from '../../core/database.ts';
import { numberAt, objectsAt, stringAt } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { interfacesOf } from '../firewall-view.ts';
import { machineHealth } from '../load-balancing/backend-health.ts';
import { probeOf } from '../load-balancing/health-checks.ts';
import { referredKey } from '../references.ts';

/** What the group's own health check finds; undefined when it has none. */
export function healthOf(
  world: World,
  manager: ResourceRow,
  machine: ResourceRow,
): { readonly check: string; readonly state: 'HEALTHY' | 'UNHEALTHY' } | undefined {
  const check = stringAt(objectsAt(manager.body, 'autoHealingPolicies')[0] ?? {}, 'healthCheck');
  const row = world.database.get('resource', referredKey(check) ?? '');
  if (check === undefined || row === undefined) return undefined;
  const probe = probeOf(row.body);
  const named = objectsAt(manager.body, 'namedPorts').find((port) => port['name'] === probe.portName);
  const port = probe.port ?? numberAt(named ?? {}, 'port');
  return { check, state: machineHealth(world, machine, interfacesOf(machine)[0], port) };
}
