import type { InstanceSpec, WorkloadGateway } from '../generated/types.ts';
import { duplicate, invalid, notFound, type Problem } from '../problem.ts';
import { namedPortsOf, templateMetaProblems } from './template-rules.ts';

/** What breaks the rules on a gateway in front of machines of a template. */
export function gatewayProblems(
  path: string,
  { template, tcpRoutes = [] }: WorkloadGateway,
  machine: InstanceSpec,
): Problem[] {
  const { listeners } = template.spec;
  const ports = namedPortsOf(machine);
  const problemsOf = (at: string, name: string): Problem[] => {
    const named = ports.filter((port) => port.name === name);
    if (named.length === 0) return [notFound(at, name)];
    const isTcp = named.some(({ protocol = 'TCP' }) => protocol === 'TCP');
    return isTcp ? [] : [invalid(at, name, 'must be the name of a TCP port')];
  };
  const names = new Set(listeners.map((listener) => listener.name));
  const numbers = listeners.map((listener) => listener.port);
  return [
    ...templateMetaProblems(`${path}.template.metadata`, template.metadata ?? {}),
    ...numbers.flatMap((port, index) =>
      numbers.indexOf(port) < index ? [duplicate(`${path}.template.spec.listeners[${index}].port`, port)] : [],
    ),
    ...tcpRoutes.flatMap(({ rules, parentRefs = [] }, route) => {
      const at = `${path}.tcpRoutes[${route}]`;
      return [
        ...rules.flatMap(({ backendRefs }, rule) =>
          backendRefs.flatMap(({ name }, index) => problemsOf(`${at}.rules[${rule}].backendRefs[${index}].name`, name)),
        ),
        ...parentRefs.flatMap(({ sectionName }, index) =>
          names.has(sectionName) ? [] : [notFound(`${at}.parentRefs[${index}].sectionName`, sectionName)],
        ),
      ];
    }),
  ];
}
