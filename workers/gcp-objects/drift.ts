import type { CloudResource } from '../../store/cloud-resources.types.ts';
import type { Projection } from '../clouds/gcp/cloud-object.ts';
import { canonicalJson } from '../clouds/gcp/hash.ts';
import { type Conditioned, conditionOf, type Verdict } from '../objects/condition.ts';

/** Facts of what somebody changed in an object and is left so, and of what was changed back last; empty for nothing. */
export const driftFacts = { drift: 'drift', corrected: 'corrected' } as const;

const maxShownLength = 120;

/** Fields in which an object is not as declared: `mtu: 1500, declared 1460`. */
export function differences(declared: Projection, observed: Projection): string[] {
  const names = [...new Set([...Object.keys(declared), ...Object.keys(observed)])].toSorted();
  return names.flatMap((name) => {
    const [is, should] = [canonicalJson(observed[name]), canonicalJson(declared[name])];
    return is === should ? [] : [`${name}: ${shown(is)}, declared ${shown(should)}`];
  });
}

function shown(text: string | undefined): string {
  if (text === undefined) return 'nothing';
  return text.length <= maxShownLength ? text : `${text.slice(0, maxShownLength)}…`;
}

/** Condition Drifted, from the rows of an object: absent until something was changed behind our back. */
export function driftVerdicts(object: Conditioned, rows: readonly (CloudResource | undefined)[]): Verdict[] {
  const told = (fact: string): string =>
    rows
      .flatMap((row) =>
        row?.facts[fact] ? [`${row.type.slice(row.type.indexOf('.') + 1)}/${row.name}: ${row.facts[fact]}`] : [],
      )
      .join('; ');
  const drift = told(driftFacts.drift);
  if (drift !== '') return [{ type: 'Drifted', status: 'True', reason: 'ChangedInCloud', message: drift }];
  const corrected = told(driftFacts.corrected);
  if (corrected !== '')
    return [{ type: 'Drifted', status: 'False', reason: 'Corrected', message: `Changed back: ${corrected}` }];
  if (conditionOf(object, 'Drifted') === undefined) return [];
  return [
    { type: 'Drifted', status: 'False', reason: 'AsDeclared', message: 'Everything in the cloud is as declared' },
  ];
}
