import type { GcpClient } from './client.ts';
import type { Fault } from './errors.ts';
import type { Marker } from './marker.ts';

/** Where an object is in the cloud. */
export interface CloudRef {
  /** Google project. */
  readonly account: string;
  /** `global`, `regions/us-south1`, `zones/us-south1-a`. */
  readonly scope: string;
  readonly name: string;
}

/** What came of a call that changes something. */
export interface Progress {
  readonly done: boolean;
  /** Name of the operation that runs, in the scope of its object. */
  readonly operation?: string;
  /** Id of the object's incarnation, as far as it is told. */
  readonly targetId?: string;
  /** Why it failed; only when done. */
  readonly fault?: Fault;
}

/** Fields of an object by name, in a form in which equal means the same to Google. */
export type Projection = Readonly<Record<string, unknown>>;

/** An object as it is in the cloud, reduced to what is ours to know. */
export interface Observation {
  readonly targetId: string;
  /** Whose it is; undefined for objects that are not ours. */
  readonly marker: Marker | undefined;
  /** The fields that we own, normalised: it differs exactly when somebody changed one of them. */
  readonly projection: Projection;
  /** Facts that others need, such as addresses and power state. */
  readonly facts: Readonly<Record<string, string>>;
  /** False while the object is on its way to another state without an operation that could be watched. */
  readonly settled: boolean;
}

/** What a change does to an object: nothing that it would notice, a stop, or that it has to be made anew. */
export type Disruption = 'InPlace' | 'NeedsStop' | 'NeedsReplace';

/** How one type of object is made, read and unmade. All of it throws GcpError. */
export interface CloudApi<Body> {
  /** Sends the insert; `requestId` makes sending it twice harmless where the API knows it. */
  insert(client: GcpClient, ref: CloudRef, body: Body, requestId: string): Promise<Progress>;
  /** The object, or undefined when it does not exist. */
  get(client: GcpClient, ref: CloudRef): Promise<Observation | undefined>;
  /** Deletes it; done when it does not exist. */
  remove(client: GcpClient, ref: CloudRef, requestId: string): Promise<Progress>;
  /** All objects of the type in a scope, by name; absent where objects are observed one by one. */
  readonly list?: (client: GcpClient, account: string, scope: string) => Promise<Map<string, Observation>>;
  /** Brings an existing object to the body; absent where nothing can be changed in place. */
  readonly patch?: (client: GcpClient, ref: CloudRef, body: Body, requestId: string) => Promise<Progress>;
  /** A patch is one of several steps: what is left to do is seen by comparing again. */
  readonly stepwise?: true;
  /** What is inserted is not the whole body: the rest is done by patches after it. */
  readonly insertsPart?: true;
  /** What it takes to come from what is there to what is declared; absent where nothing notices a change. */
  readonly disruption?: (declared: Projection, observed: Projection) => Disruption | undefined;
  /** Facts to be written down before a step, since after it they cannot be seen any more. */
  readonly before?: (declared: Projection, observed: Observation) => Readonly<Record<string, string>>;
  /** The fields of a body that we own, to compare with an observation. */
  projection(body: Body, account: string): Projection;
  /** Google decides something about the object, which is read once it is made. */
  readonly readBack?: true;
  /** Whether the object can be read from the moment its insert was accepted, not only when that is done. */
  readonly visibleAtOnce: boolean;
}

export function regionOf({ scope }: Pick<CloudRef, 'scope'>): string {
  return scope.slice('regions/'.length);
}

export function zoneOf({ scope }: Pick<CloudRef, 'scope'>): string {
  return scope.slice('zones/'.length);
}
