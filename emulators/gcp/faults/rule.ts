import type { Json, JsonObject } from '../core/json.ts';

/** What a rule does to the operation that a request starts. */
export type OperationFault =
  | { readonly kind: 'operation-error'; readonly code: string; readonly message?: string }
  | { readonly kind: 'stuck-operation' }
  | { readonly kind: 'slow-operation'; readonly ms: number };

/** What a rule does to a request. `ms` of `latency` is real time, that of `slow-operation` virtual time. */
export type Fault =
  | OperationFault
  /** Answers with an error before anything is done. */
  | {
      readonly kind: 'http';
      readonly status: number;
      readonly reason?: string;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly details?: readonly Json[];
    }
  /** Cuts the connection before anything is done. */
  | { readonly kind: 'drop' }
  /** Does it, then cuts the connection: the caller cannot know. */
  | { readonly kind: 'lost-answer' }
  /** Does it, then answers with an error, 500 unless told otherwise. */
  | { readonly kind: 'commit-then-error'; readonly status?: number; readonly reason?: string }
  /** Does it, and sends only half of the body with a 200. */
  | { readonly kind: 'truncated' }
  /** Answers 503 with a page of HTML, as a proxy on the way would. */
  | { readonly kind: 'html' }
  | { readonly kind: 'latency'; readonly ms: number };

/** Which requests a fault hits, and how often. */
export interface FaultRule {
  readonly id: string;
  readonly method?: string;
  /** A regular expression, searched in the path. */
  readonly path?: string;
  readonly project?: string;
  readonly zone?: string;
  /** Lets this many matching requests pass first. */
  readonly skip?: number;
  /** At most this many times; unlimited when absent. */
  readonly count?: number;
  /** In (0, 1]; each matching request is hit with it. 1 when absent. */
  readonly probability?: number;
  /** Makes the draws of this rule its own. */
  readonly seed?: number;
  readonly fault: Fault;
}

const FAULT_KINDS: Readonly<Record<Fault['kind'], readonly string[]>> = {
  'operation-error': ['code'],
  'stuck-operation': [],
  'slow-operation': ['ms'],
  http: ['status'],
  drop: [],
  'lost-answer': [],
  'commit-then-error': [],
  truncated: [],
  html: [],
  latency: ['ms'],
};

/** The rule in a body sent to the control API. Throws an Error that says what is wrong with it. */
export function parseFaultRule(body: JsonObject, id: string): FaultRule {
  const fault = body['fault'] as JsonObject | undefined;
  const kind = fault?.['kind'];
  if (fault === undefined || typeof kind !== 'string' || !Object.hasOwn(FAULT_KINDS, kind)) {
    throw new Error(`fault.kind must be one of ${Object.keys(FAULT_KINDS).join(', ')}`);
  }
  for (const field of FAULT_KINDS[kind as Fault['kind']]) {
    if (fault[field] === undefined) throw new Error(`fault.${field} is required for ${kind}`);
  }
  const known = ['id', 'method', 'path', 'project', 'zone', 'skip', 'count', 'probability', 'seed', 'fault'];
  for (const field of Object.keys(body)) {
    if (!known.includes(field)) throw new Error(`unknown field ${field}; known are ${known.join(', ')}`);
  }
  const rule = { ...body, id } as unknown as FaultRule;
  if (rule.path !== undefined) new RegExp(rule.path);
  return rule;
}
