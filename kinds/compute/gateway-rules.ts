import type { WorkloadGateway } from '../generated/types.ts';
import { duplicate, notFound, type Problem } from '../problem.ts';
import { templateMetaProblems } from './template-rules.ts';

/** What breaks the rules on a gateway. `ports` are the names of the template's ports. */
export function gatewayProblems(
  path: string,
  { template, tcpRoutes = [] }: WorkloadGateway,
  ports: ReadonlySet<string>,
): Problem[] {
  const { listeners } = template.spec;
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
          backendRefs.flatMap(({ name }, index) =>
            ports.has(name) ? [] : [notFound(`${at}.rules[${rule}].backendRefs[${index}].name`, name)],
          ),
        ),
        ...parentRefs.flatMap(({ sectionName }, index) =>
          names.has(sectionName) ? [] : [notFound(`${at}.parentRefs[${index}].sectionName`, sectionName)],
        ),
      ];
    }),
  ];
}
