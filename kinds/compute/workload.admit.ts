import type { Read, Rights } from '../admit.ts';
import type { Placement, Workload } from '../generated/types.ts';
import { cityCodeOf } from '../networking/topology.ts';
import { interfaceUseProblems } from '../networking/use-rules.ts';
import { duplicate, notSupported, type Problem } from '../problem.ts';
import { gatewayProblems } from './gateway-rules.ts';
import { scaleProblems } from './scale-rules.ts';
import { namedPortsOf, templateProblems } from './template-rules.ts';

/** Template, placements and gateway. That a network does not exist yet is no fault: the workload waits for it. */
export async function admit(
  { metadata, spec }: Workload,
  previous: Workload | undefined,
  read: Read,
  rights: Rights,
): Promise<Problem[]> {
  const locations = await read.list('Location');
  const cities = new Set(locations.flatMap((location) => cityCodeOf(location) ?? []));
  return [
    ...templateProblems('spec.template', spec.template),
    ...interfaceUseProblems(
      'spec.template.spec',
      spec.template.spec,
      previous?.spec.template.spec,
      metadata.namespace,
      rights,
    ),
    ...spec.placements.flatMap((placement, index) => placementProblems(`spec.placements[${index}]`, placement, cities)),
    ...(spec.gateway ? gatewayProblems('spec.gateway', spec.gateway, namedPortsOf(spec.template.spec)) : []),
  ];
}

function placementProblems(
  path: string,
  { cityCodes, scaleSettings }: Placement,
  cities: ReadonlySet<string>,
): Problem[] {
  const codes = cityCodes.flatMap((code, index) => {
    if (!cities.has(code)) return [notSupported(`${path}.cityCodes[${index}]`, code, [...cities].toSorted())];
    return cityCodes.indexOf(code) < index ? [duplicate(`${path}.cityCodes[${index}]`, code)] : [];
  });
  return [...codes, ...scaleProblems(`${path}.scaleSettings`, scaleSettings)];
}
