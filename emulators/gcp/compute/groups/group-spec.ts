import type { ResourceRow } from '../../core/database.ts';
import type { JsonObject } from '../../core/json.ts';
import { numberAt, objectAt, objectsAt, stringAt } from '../../core/json.ts';
import { zonesOfRegion } from '../catalog/places.ts';
import { referredKey } from '../references.ts';
import type { Scope } from '../scope.ts';
import type { UpdateAction } from '../update-action.ts';
import { UPDATE_ACTIONS } from '../update-action.ts';
import type { GroupSpec, VersionTarget } from './plan.ts';

/** Zones of a region that a group uses when nobody has chosen them. */
const DEFAULT_ZONES = 3;

/** What the stored body of a manager wants. */
export function groupSpec({ body }: ResourceRow, scope: Scope): GroupSpec {
  const targetSize = numberAt(body, 'targetSize') ?? 0;
  const policy = objectAt(body, 'updatePolicy');
  const lifecycle = objectAt(body, 'instanceLifecyclePolicy');
  return {
    targetSize,
    versions: versionTargets(body, targetSize),
    zones: zonesOf(body, scope),
    isProactive: policy['type'] === 'PROACTIVE',
    minimalAction: actionAt(policy, 'minimalAction'),
    mostDisruptiveAction: actionAt(policy, 'mostDisruptiveAllowedAction'),
    replacement: policy['replacementMethod'] === 'RECREATE' ? 'RECREATE' : 'SUBSTITUTE',
    maxSurge: amountOf(objectAt(policy, 'maxSurge'), targetSize),
    maxUnavailable: amountOf(objectAt(policy, 'maxUnavailable'), targetSize),
    repairs: lifecycle['defaultActionOnFailure'] !== 'DO_NOTHING',
    updatesOnRepair: lifecycle['forceUpdateOnRepair'] === 'YES',
  };
}

/** How many machines a number or a percentage means. */
export function amountOf(amount: JsonObject, targetSize: number): number {
  const percent = numberAt(amount, 'percent');
  return percent === undefined ? (numberAt(amount, 'fixed') ?? 0) : Math.ceil((targetSize * percent) / 100);
}

/** The zones in which a group puts its machines. */
export function zonesOf(body: JsonObject, scope: Scope): readonly string[] {
  if (scope.kind === 'zone') return [scope.name];
  const chosen = objectsAt(objectAt(body, 'distributionPolicy'), 'zones').flatMap((item) => {
    const zone = stringAt(item, 'zone') ?? '';
    return zone.slice(zone.lastIndexOf('/') + 1);
  });
  if (chosen.length > 0) return chosen;
  return zonesOfRegion(scope.kind === 'region' ? scope.name : '').slice(0, DEFAULT_ZONES);
}

/** Machines of each version; the version without a size of its own takes the rest, and comes last. */
function versionTargets(body: JsonObject, targetSize: number): readonly VersionTarget[] {
  const versions = objectsAt(body, 'versions').map((version) => ({
    template: referredKey(stringAt(version, 'instanceTemplate')) ?? '',
    name: stringAt(version, 'name'),
    size: sizeOf(version, targetSize),
  }));
  const sized = versions.reduce((sum, { size }) => sum + (size ?? 0), 0);
  return versions
    .toSorted((left, right) => Number(left.size === undefined) - Number(right.size === undefined))
    .map(({ template, name, size }) => ({
      template,
      count: size ?? Math.max(0, targetSize - sized),
      ...(name === undefined ? {} : { name }),
    }));
}

function sizeOf(version: JsonObject, targetSize: number): number | undefined {
  if (version['targetSize'] === undefined) return undefined;
  return Math.min(amountOf(objectAt(version, 'targetSize'), targetSize), targetSize);
}

function actionAt(policy: JsonObject, field: string): UpdateAction {
  return UPDATE_ACTIONS.find((action) => action === policy[field]) ?? 'REPLACE';
}
