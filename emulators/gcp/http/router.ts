import type { Json } from '../core/json.ts';
import type { Need } from '../iam/authorize.ts';
import type { ApiRequest } from './api-request.ts';

/** Answers a request with the body of a 200, or throws an ApiError. A promise only where it must wait. */
type Handler = (request: ApiRequest) => Json | Promise<Json>;

/** One call of an API: `GET`, `/compute/v1/projects/{project}/zones/{zone}`, and what answers it. */
export interface Route {
  readonly method: string;
  readonly pattern: string;
  readonly handler: Handler;
  /** Query parameters of its own, beside those of every call. */
  readonly parameters?: readonly string[];
  /** What the caller must be allowed to do. */
  readonly needs?: (request: ApiRequest) => readonly Need[];
  /** The message that answers, as `iam.Policy`; Compute's are found by path. */
  readonly answer?: string;
  /** A route that changes nothing and whose handler may wait: it runs outside the transaction. */
  readonly waits?: boolean;
}

export interface RouteMatch {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

interface Node {
  readonly literal: Map<string, Node>;
  variable?: { readonly name: string; readonly node: Node };
  readonly routes: Map<string, Route>;
}

/** Finds routes by path; the time does not depend on how many there are. */
export interface Router {
  /** The route and its decoded path parameters, or undefined when no pattern fits. */
  match(method: string, path: string): RouteMatch | undefined;
}

export function createRouter(routes: Iterable<Route>): Router {
  const root = createNode();
  for (const route of routes) {
    let node = root;
    for (const segment of segmentsOf(route.pattern)) node = step(node, segment);
    if (node.routes.has(route.method)) throw new Error(`two routes for ${route.method} ${route.pattern}`);
    node.routes.set(route.method, route);
  }

  return {
    match(method, path) {
      const params: Record<string, string> = {};
      let node = root;
      for (const segment of segmentsOf(path)) {
        const literal = node.literal.get(segment);
        if (literal !== undefined) node = literal;
        else if (node.variable !== undefined && !segment.startsWith(':')) {
          params[node.variable.name] = decode(segment);
          node = node.variable.node;
        } else return undefined;
      }
      const route = node.routes.get(method);
      return route === undefined ? undefined : { route, params };
    },
  };
}

function createNode(): Node {
  return { literal: new Map(), routes: new Map() };
}

function step(node: Node, segment: string): Node {
  const name = /^\{(\w+)\}$/.exec(segment)?.[1];
  if (name === undefined) {
    const next = node.literal.get(segment) ?? createNode();
    node.literal.set(segment, next);
    return next;
  }
  node.variable ??= { name, node: createNode() };
  if (node.variable.name !== name) throw new Error(`{${name}} and {${node.variable.name}} in the same place`);
  return node.variable.node;
}

/**
 * Path segments; outside Compute a verb at the end (`…/secrets/s:addVersion`) becomes a segment of its own. Compute
 * has no verbs, but project ids with a colon.
 */
function segmentsOf(path: string): readonly string[] {
  const segments = path.slice(1).split('/');
  if (segments[0] === 'compute') return segments;
  const last = segments.at(-1) ?? '';
  const verb = /^(.+)(:[a-zA-Z]+)$/.exec(last);
  return verb?.[1] === undefined || verb[2] === undefined ? segments : [...segments.slice(0, -1), verb[1], verb[2]];
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
