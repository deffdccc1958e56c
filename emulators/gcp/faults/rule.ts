import type { Json, JsonObject } from '../core/json.ts';
import type { NamedError } from './named-errors.ts';
import { NAMED_ERRORS, isNamedError } from './named-errors.ts';

/** What a rule does to the operation that a request starts; times are virtual. */
export type OperationFault =
  /** It fails; with `progress`, a percentage, after that part of its time, and it has shown the progress until then. */
  | { readonly kind: 'operation-error'; readonly code: string; readonly message?: string; readonly progress?: number }
  /** It runs for ever. */
  | { readonly kind: 'stuck-operation' }
  | { readonly kind: 'slow-operation'; readonly ms: number }
  /** It does what it is for, but after so long nobody finds it any more. */
  | { readonly kind: 'vanishing-operation'; readonly ms: number }
  /** It is done, and its new resource shows only so much later. */
  | { readonly kind: 'late-visibility'; readonly ms: number };

/** What a rule does to a request. Times are real, except those of operations. */
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
  /** The same, with an error of Google's by name. */
  | { readonly kind: 'error'; readonly error: NamedError; readonly headers?: Readonly<Record<string, string>> }
  /** Cuts the connection before anything is done. */
  | { readonly kind: 'drop' }
  /** Does it, then cuts the connection: the caller cannot know. */
  | { readonly kind: 'lost-answer' }
  /** Does it, then answers with an error, 500 unless told otherwise. */
  | { readonly kind: 'commit-then-error'; readonly status?: number; readonly reason?: string }
  /** Does it, and sends only half of the body with a 200. */
  | { readonly kind: 'truncated' }
  /** Does it, sends the headers and half of the body, and cuts the connection. */
  | { readonly kind: 'cut-body' }
  /** Does it, and sends the body in pieces over so many milliseconds. */
  | { readonly kind: 'slow-body'; readonly ms: number }
  /** Does it twice, as when something on the way sends a request again; the second answer is sent. */
  | { readonly kind: 'duplicate' }
  /** Answers 503 with a page of HTML, as a proxy on the way would. */
  | { readonly kind: 'html' }
  /** Waits, and up to `jitterMs` more. */
  | { readonly kind: 'latency'; readonly ms: number; readonly jitterMs?: number };

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
  /** In force from and until these virtual times, in milliseconds since 1970; always when absent. */
  readonly fromMs?: number;
  readonly untilMs?: number;
  readonly fault: Fault;
}

const FAULT_KINDS: Readonly<Record<Fault['kind'], readonly string[]>> = {
  'operation-error': ['code'],
  'stuck-operation': [],
  'slow-operation': ['ms'],
  'vanishing-operation': ['ms'],
  'late-visibility': ['ms'],
  http: ['status'],
  error: ['error'],
  drop: [],
  'lost-answer': [],
  'commit-then-error': [],
  truncated: [],
  'cut-body': [],
  'slow-body': ['ms'],
  duplicate: [],
  html: [],
  latency: ['ms'],
};
const RULE_FIELDS = 'id method path project zone skip count probability seed fromMs untilMs fault'.split(' ');

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
  if (kind === 'error' && !isNamedError(fault['error'])) {
    throw new Error(`fault.error must be one of ${Object.keys(NAMED_ERRORS).join(', ')}`);
  }
  for (const field of Object.keys(body)) {
    if (!RULE_FIELDS.includes(field)) throw new Error(`unknown field ${field}; known are ${RULE_FIELDS.join(', ')}`);
  }
  const rule = { ...body, id } as unknown as FaultRule;
  if (rule.path !== undefined) new RegExp(rule.path);
  return rule;
}
