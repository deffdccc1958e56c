import type { Workload } from '../../kinds/generated/types.ts';
import { invalid } from '../status/refusals.ts';
import type { ApiError } from '../status/status.ts';

/** Most instances of one deployment, as the SDL says of `minReplicas`. */
const maxReplicasPerCity = 1000;

/** Throws 422 on `.spec.replicas` for a number of instances that cannot be spread evenly over the cities of one placement. */
export function refuseReplicas(workload: Workload, replicas: number): void {
  const refuse = (detail: string): ApiError =>
    invalid({ group: 'compute.datumapis.com', version: 'v1alpha', kind: 'Workload' }, workload.metadata.name, [
      { field: '.spec.replicas', reason: 'FieldValueInvalid', message: `Invalid value: ${replicas}: ${detail}` },
    ]);
  if (replicas < 0) throw refuse('should be a non-negative integer');
  const { placements } = workload.spec;
  const [placement] = placements;
  if (placement === undefined || placements.length > 1) {
    const names = placements.map(({ name, cityCodes }) => `${name} (${cityCodes.join(', ')})`).join(' and ');
    throw refuse(
      `the workload has ${placements.length} placements, ${names}; set scaleSettings.minReplicas of each in its spec instead`,
    );
  }
  const { cityCodes } = placement;
  const cities = cityCodes.length;
  if (replicas >= cities && replicas % cities === 0 && replicas <= cities * maxReplicasPerCity) return;
  throw refuse(
    `placement ${JSON.stringify(placement.name)} spreads them evenly over ${cities === 1 ? 'one city' : `${cities} cities`} ` +
      `(${cityCodes.join(', ')}); accepted ${accepted(replicas, cities)}`,
  );
}

function accepted(replicas: number, cities: number): string {
  const most = cities * maxReplicasPerCity;
  const range = cities === 1 ? `is 1 to ${most}` : `are multiples of ${cities} from ${cities} to ${most}`;
  const below = Math.floor(replicas / cities) * cities;
  const near = [below, below + cities].filter((each) => each >= cities && each <= most);
  return cities === 1 || near.length < 2 ? range : `${range}, such as ${near.join(' or ')}`;
}
