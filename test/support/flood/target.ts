/** What flooder and victim know of the product; given to their processes as JSON. */
export interface Target {
  /** `http://127.0.0.1:4000/graphql` */
  readonly graphql: string;
  /** `https://127.0.0.1:6443` */
  readonly kubernetes: string;
  /** Authority of its certificate, PEM. */
  readonly ca: string;
  readonly token: string;
  /** Where `control.ts` listens. */
  readonly control: string;
  /** Address to come from, so that the two are told apart. */
  readonly localAddress: string;
}

/** The target of this process. */
export function ownTarget(): Target {
  return JSON.parse(process.argv[2] ?? '') as Target;
}

/** What the victim saw in one phase, by door, in ms. */
export interface Phase {
  readonly latenciesMs: Readonly<Record<Door, readonly number[]>>;
  readonly failures: readonly string[];
}

/** The two, and a server that does nothing: what it suffers, the machine does. */
export type Door = 'graphql' | 'kubernetes' | 'control';
