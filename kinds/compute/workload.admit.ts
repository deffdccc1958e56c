import type { Read, Rights } from '../admit.ts';
import type { Placement, Workload } from '../generated/types.ts';
import { familyProblems } from '../networking/family-rules.ts';
import { cityCodeOf } from '../networking/topology.ts';
import { interfaceUseProblems } from '../networking/use-rules.ts';
import { jsonEqual } from '../schema/json.ts';
import { duplicate, invalid, notSupported, type Problem } from '../problem.ts';
import { gatewayProblems } from './gateway-rules.ts';
import { revisionsInReach, rollbackProblems, templateIn } from './rollback.ts';
import { scaleProblems } from './scale-rules.ts';
import { templateProblems } from './template-rules.ts';
import { shrinkProblems } from './volume-rules.ts';
import { updateProblems } from './update-rules.ts';

/** Template, placements, gateway and a way back. That a network does not exist yet is no fault: the workload waits for it. */
export async function admit(
  workload: Workload,
  previous: Workload | undefined,
  read: Read,
  rights: Rights,
): Promise<Problem[]> {
  const { metadata, spec } = workload;
  const locations = await read.list('Location');
  const cities = new Set(locations.flatMap((location) => cityCodeOf(location) ?? []));
  const [template, before] = [spec.template.spec, previous?.spec.template.spec];
  const denied = interfaceUseProblems('spec.template.spec', template, before, metadata.namespace, rights);
  return [
    ...templateProblems('spec.template', spec.template),
    // Whoever may not use a network is told nothing of it.
    ...(denied.length > 0
      ? denied
      : await familyProblems('spec.template.spec', template, before, metadata.namespace ?? '', read)),
    ...shrinkProblems('spec.template.spec', spec.template.spec, previous?.spec.template.spec),
    ...spec.placements.flatMap((placement, index) => placementProblems(`spec.placements[${index}]`, placement, cities)),
    ...updateProblems('spec.updateStrategy', spec.updateStrategy),
    ...(previous === undefined || previous.spec.instanceMode === spec.instanceMode
      ? []
      : [invalid('spec.instanceMode', spec.instanceMode ?? null, 'field is immutable')]),
    ...(await wayBackProblems(workload, previous, read, rights)),
    ...(spec.gateway ? gatewayProblems('spec.gateway', spec.gateway, spec.template.spec) : []),
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

/** Whoever asks for an earlier template must be allowed to write it. */
async function wayBackProblems(
  workload: Workload,
  previous: Workload | undefined,
  read: Read,
  rights: Rights,
): Promise<Problem[]> {
  const { rollbackTo } = workload.spec;
  if (rollbackTo === undefined || jsonEqual(rollbackTo, previous?.spec.rollbackTo)) return [];
  const { revision: wanted = 0 } = rollbackTo;
  const { namespace, uid } = workload.metadata;
  const revisions = (await read.list('ControllerRevision')).filter(
    ({ metadata }) =>
      metadata.namespace === namespace && metadata.ownerReferences?.some((owner) => owner.uid === uid) === true,
  );
  const path = 'spec.rollbackTo.revision';
  const problems = rollbackProblems(path, revisions, wanted);
  if (problems.length > 0) return problems;
  const before = previous?.spec.template.spec;
  return revisionsInReach(revisions, wanted).flatMap((revision) => {
    const template = templateIn(revision);
    if (template === undefined) return [invalid(path, wanted, `${revision.metadata.name} holds no template`)];
    return [
      ...templateProblems('spec.template', template),
      ...interfaceUseProblems('spec.template.spec', template.spec, before, namespace, rights),
      ...shrinkProblems('spec.template.spec', template.spec, before),
    ];
  });
}
