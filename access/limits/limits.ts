/** What requests are counted as; each kind has a budget of its own. */
export type Activity = 'read' | 'write' | 'watch' | 'review';

/** Tokens that come back with time. One request takes one token, a large answer more. */
export interface Budget {
  readonly perSecond: number;
  /** Tokens that can be saved up, for a burst after a pause. */
  readonly burst: number;
}

/** What one identity may demand. Budgets hold for all processes together, the other numbers for each process. */
export interface IdentityLimits extends Readonly<Record<Activity, Budget>> {
  /** Requests that are served at a time. */
  readonly requests: number;
  /** Requests that wait for their turn beyond these. */
  readonly waiting: number;
  /** Units of heavy work at a time, such as large lists; see `work.ts`. */
  readonly work: number;
  /** Reads for watches at a time: of the state at their start, and of what belongs to their events. */
  readonly watchReads: number;
  readonly watches: number;
  readonly connections: number;
  /** Bytes that wait: of bodies that are on their way in, and of answers that the client does not read. */
  readonly waitingBytes: number;
}

/** What one process takes from all together. */
export interface ServerLimits {
  /** Requests that are served at a time, at each door. */
  readonly requests: number;
  /** Units of heavy work at a time, at each door. */
  readonly work: number;
  /** Reads for watches at a time. */
  readonly watchReads: number;
  /** How long a request may wait for its turn, in ms. */
  readonly waitMs: number;
  readonly watches: number;
  readonly waitingBytes: number;
  /** Connections of each door. */
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** New connections of one address, before anybody knows who it is. */
  readonly newConnections: Budget;
  /** Requests of one address that prove no identity. */
  readonly anonymous: Budget;
}

/** All limits of a process. */
export interface Limits {
  readonly server: ServerLimits;
  /** What holds for an identity that has no limits of its own. */
  readonly standard: IdentityLimits;
  /** What holds for members of `system:masters`: bounded too, since a loop that runs away needs no bad intent. */
  readonly masters: IdentityLimits;
  /** Limits of single identities by name, in place of the above. */
  readonly users: Readonly<Record<string, Some<IdentityLimits>>>;
}

/** Limits as they are configured: what is not said stays as it is by default. */
export interface LimitSettings {
  readonly server?: Some<ServerLimits> | undefined;
  readonly standard?: Some<IdentityLimits> | undefined;
  readonly masters?: Some<IdentityLimits> | undefined;
  readonly users?: Readonly<Record<string, Some<IdentityLimits>>> | undefined;
}

type Some<T> = { readonly [name in keyof T]?: T[name] | undefined };

/** More than any controller, console or script needs; less than what keeps a process from serving others. */
const defaults: Limits = {
  server: {
    requests: 128,
    work: 24,
    watchReads: 8,
    waitMs: 10_000,
    watches: 20_000,
    waitingBytes: 512 * 1024 * 1024,
    connections: 16_000,
    connectionsPerAddress: 4_000,
    newConnections: { perSecond: 100, burst: 2_000 },
    anonymous: { perSecond: 20, burst: 200 },
  },
  standard: {
    read: { perSecond: 200, burst: 1_000 },
    write: { perSecond: 100, burst: 500 },
    watch: { perSecond: 20, burst: 500 },
    review: { perSecond: 50, burst: 200 },
    requests: 8,
    waiting: 128,
    work: 8,
    watchReads: 2,
    watches: 1_000,
    connections: 400,
    waitingBytes: 64 * 1024 * 1024,
  },
  masters: {
    read: { perSecond: 20_000, burst: 40_000 },
    write: { perSecond: 10_000, burst: 20_000 },
    watch: { perSecond: 2_000, burst: 10_000 },
    review: { perSecond: 10_000, burst: 20_000 },
    requests: 64,
    waiting: 4_000,
    work: 16,
    watchReads: 6,
    watches: 15_000,
    connections: 8_000,
    waitingBytes: 256 * 1024 * 1024,
  },
  users: {},
};

/** The limits that settings amount to. */
export function limitsOf(settings: LimitSettings = {}): Limits {
  return {
    server: merged(defaults.server, settings.server),
    standard: merged(defaults.standard, settings.standard),
    masters: merged(defaults.masters, settings.masters),
    users: settings.users ?? {},
  };
}

/** The limits of one identity. */
export function limitsFor(
  limits: Limits,
  { user, groups }: { readonly user: string; readonly groups: readonly string[] },
): IdentityLimits {
  const common = groups.includes('system:masters') ? limits.masters : limits.standard;
  const own = Object.hasOwn(limits.users, user) ? limits.users[user] : undefined;
  return own === undefined ? common : merged(common, own);
}

function merged<T extends object>(all: T, some: Some<T> = {}): T {
  const said = Object.entries(some).filter(([, value]) => value !== undefined);
  return { ...all, ...(Object.fromEntries(said) as Partial<T>) };
}
