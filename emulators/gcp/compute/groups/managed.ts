import { rowsIn } from '../../core/collection-rows.ts';
import type { OperationError } from '../../core/database.ts';
import type { JsonObject } from '../../core/json.ts';
import { numberAt, objectsAt, stringAt } from '../../core/json.ts';
import type { World } from '../../core/world.ts';

export const CURRENT_ACTIONS = [
  'NONE',
  'ABANDONING',
  'CREATING',
  'CREATING_WITHOUT_RETRIES',
  'DELETING',
  'RECREATING',
  'REFRESHING',
  'RESTARTING',
  'VERIFYING',
] as const;
export type CurrentAction = (typeof CURRENT_ACTIONS)[number];

/** Where an action of more than one step stands. */
export type Step = 'deleting' | 'creating' | 'stopping' | 'starting' | 'refreshing';

/** A machine that a group wants, whether it is there yet or not. */
export interface Managed {
  readonly name: string;
  readonly zone: string;
  readonly instanceKey: string;
  readonly action: CurrentAction;
  readonly step?: Step;
  /** Key of the template it is made of, or is being made of. */
  readonly template: string;
  readonly versionName?: string;
  /** Key of the operation that the step waits for. */
  readonly operation?: string;
  /** Not before this virtual time is the step tried again. */
  readonly retryAtMs?: number;
  /** Until then a machine that does not answer its health check is left alone. */
  readonly verifyUntilMs?: number;
  /** Why the last attempt failed. */
  readonly errors?: readonly OperationError[];
}

/** All machines of a group, in order of name. */
export function managedOf(world: World, managerKey: string): readonly Managed[] {
  return rowsIn(world, collectionOf(managerKey)).map((row) => fromBody(row.body));
}

export function managedNamed(world: World, managerKey: string, name: string): Managed | undefined {
  const row = world.database.get('resource', `${collectionOf(managerKey)}/${name}`);
  return row === undefined ? undefined : fromBody(row.body);
}

export function putManaged(world: World, managerKey: string, managed: Managed): void {
  const key = `${collectionOf(managerKey)}/${managed.name}`;
  world.database.put('resource', key, { type: 'managedInstances', phase: 'ready', body: toBody(managed) });
}

export function dropManaged(world: World, managerKey: string, name: string): void {
  world.database.delete('resource', `${collectionOf(managerKey)}/${name}`);
}

/** Key of the group whose machine this row is. */
export function managerOfManaged(key: string): string {
  return key.slice(0, key.lastIndexOf('/managedInstances/'));
}

function collectionOf(managerKey: string): string {
  return `${managerKey}/managedInstances`;
}

function toBody({ errors, ...managed }: Managed): JsonObject {
  return { ...managed, ...(errors === undefined ? {} : { errors: errors.map((error) => ({ ...error })) }) };
}

/** What `toBody` has stored. */
function fromBody(body: JsonObject): Managed {
  const errors = objectsAt(body, 'errors').map((error) => ({
    code: stringAt(error, 'code') ?? '',
    message: stringAt(error, 'message') ?? '',
    httpStatus: numberAt(error, 'httpStatus') ?? 500,
  }));
  const { errors: _read, ...rest } = body;
  return { ...(rest as unknown as Managed), ...(errors.length === 0 ? {} : { errors }) };
}
