import { secretS2 } from '../protobuf-body.ts';
import type { Draw } from './random.ts';
import { oddValue } from './values.ts';

/** Bodies that are right, by the resource that takes them; to begin from. */
const objects: Readonly<Record<string, string>> = {
  networks:
    '{"apiVersion":"networking.datumapis.com/v1alpha","kind":"Network","metadata":{"name":"n","labels":{"a":"b"},"finalizers":[],"ownerReferences":[]},"spec":{"ipam":{"mode":"Auto"},"ipFamilies":["IPv4"],"mtu":1500}}',
  configmaps:
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","annotations":{"a":"b"}},"data":{"a":"1"},"binaryData":{"b":"AA=="}}',
  secrets:
    '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"type":"Opaque","data":{"a":"Yg=="},"stringData":{"c":"d"}}',
  leases:
    '{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"l"},"spec":{"holderIdentity":"a","leaseDurationSeconds":15,"renewTime":"2026-01-01T00:00:00.000000Z"}}',
  roles:
    '{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"r"},"rules":[{"verbs":["get"],"apiGroups":[""],"resources":["secrets"]}]}',
  clusterroles:
    '{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"hostile"},"rules":[{"verbs":["get"],"apiGroups":[""],"resources":["secrets"]}]}',
  events:
    '{"apiVersion":"v1","kind":"Event","metadata":{"generateName":"e"},"involvedObject":{"kind":"Network","namespace":"hostile","name":"n"},"reason":"R","type":"Normal","count":1}',
  selfsubjectaccessreviews:
    '{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{"resourceAttributes":{"verb":"get","resource":"secrets"}}}',
  tokenreviews: '{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","spec":{"token":"x"}}',
  workloads:
    '{"apiVersion":"compute.datumapis.com/v1alpha","kind":"Workload","metadata":{"name":"w"},"spec":{"template":{"spec":{"runtime":{"resources":{"instanceType":"datumcloud/d1-standard-2"},"sandbox":{"containers":[{"name":"a","image":"docker.io/library/nginx:1"}]}},"networkInterfaces":[{"network":{"name":"n"}}]}},"placements":[{"name":"us","cityCodes":["DFW"],"scaleSettings":{"minReplicas":1}}]}}',
  scale: '{"kind":"Scale","apiVersion":"autoscaling/v1","metadata":{"name":"w"},"spec":{"replicas":2}}',
  options:
    '{"kind":"DeleteOptions","apiVersion":"v1","propagationPolicy":"Background","gracePeriodSeconds":0,"preconditions":{"uid":"x","resourceVersion":"1"},"dryRun":["All"]}',
};
const allObjects = Object.values(objects);

const mergePatches: readonly string[] = [
  '{"metadata":{"labels":{"a":null},"finalizers":["a/b"]},"spec":{"mtu":null}}',
  '{"data":{"$patch":"replace","a":"1"},"metadata":{"$setElementOrder/finalizers":["a"],"$deleteFromPrimitiveList/finalizers":["b"],"$retainKeys":["x"]}}',
];

const jsonPatches: readonly string[] = [
  '[{"op":"add","path":"/metadata/labels/a","value":"b"},{"op":"test","path":"/spec/mtu","value":1},{"op":"copy","from":"/spec","path":"/spec/x"},{"op":"move","from":"/spec","path":"/spec/ipam"},{"op":"remove","path":"/metadata/labels"}]',
  '[{"op":"replace","path":"/__proto__/polluted","value":1},{"op":"add","path":"/constructor/prototype/polluted","value":1},{"op":"add","path":"/spec/ipFamilies/-","value":"IPv6"}]',
];

const oddYaml: readonly string[] = [
  'a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: &d [*c, *c, *c]\ne: [*d, *d, *d]\n',
  'a: &a [*a]\n',
  'a: 1\na: 2\n',
  '<<: {a: 1}\n? [x]\n: y\n',
  '!!js/function "function(){}"\n',
  'a: !!binary AAAA\nb: !!timestamp 2001-01-01\nc: 0x1F\nd: .inf\ne: .nan\n',
  '---\na: 1\n---\nb: 2\n',
  '\tkey: tab\n',
  'a: |2-\n  text\n %YAML 9\n',
  '__proto__: {polluted: true}\nconstructor: {prototype: {polluted: true}}\n',
  `${'- '.repeat(5000)}x\n`,
  `${'['.repeat(20_000)}`,
  '"unterminated',
  '%YAML 1.2\n%TAG ! tag:x,2026:\n--- !x {}\n',
];

/** What a body is sent as, and where to. */
export interface Destination {
  /** Plural name of the resource, or that of the subresource. */
  readonly resource: string;
  readonly contentType: string;
}

/** A body that is right but for what was done to it: a value replaced, bytes changed, cut short, another form. */
export function oddBody(draw: Draw, to: Destination): Buffer {
  const { pick, chance, below } = draw;
  if (to.contentType.endsWith('protobuf') && chance(0.9)) return mutated(draw, secretS2, below(6));
  if (chance(0.04)) return Buffer.from(pick(oddYaml));
  if (chance(0.04)) return Buffer.from(oddValue(draw));
  if (chance(0.001)) return Buffer.from(`{"metadata":{"annotations":{"a":"${'x'.repeat(3_300_000)}"}}}`);
  let text = rightBody(draw, to);
  if (chance(0.6)) text = withOddValue(draw, text);
  if (chance(0.15)) text = withOddKey(draw, text);
  const bytes = Buffer.from(text);
  return chance(0.07) ? mutated(draw, bytes, 1 + below(3)) : bytes;
}

function rightBody({ pick, chance }: Draw, { resource, contentType }: Destination): string {
  if (chance(0.05)) return pick([...allObjects, ...mergePatches, ...jsonPatches]);
  if (contentType.includes('json-patch')) return pick(jsonPatches);
  if (contentType.includes('merge-patch')) return pick(mergePatches);
  return (Object.hasOwn(objects, resource) ? objects[resource] : undefined) ?? pick(allObjects);
}

/** Replaces one value of a JSON text. */
function withOddValue(draw: Draw, text: string): string {
  const values = [...text.matchAll(/:("[^"]*"|\d+|\[\]|null|\{)/g)];
  const { index, 0: found, 1: value = '' } = draw.pick(values);
  // An object is replaced by opening another one inside it.
  const replacement =
    value === '{'
      ? `{${JSON.stringify(draw.pick(['a', '__proto__', 'f:x', '$patch']))}:${oddValue(draw)},`
      : oddValue(draw);
  return `${text.slice(0, index)}:${replacement}${text.slice(index + found.length)}`;
}

/** Renames one key of a JSON text. */
function withOddKey(draw: Draw, text: string): string {
  const keys = [...text.matchAll(/"[^"]*":/g)];
  const { index, 0: found } = draw.pick(keys);
  const key = draw.pick([
    '__proto__',
    'constructor',
    '',
    'a.b[0]',
    'metadata',
    'spec',
    '$patch',
    '\\u0000',
    'x'.repeat(2000),
  ]);
  return `${text.slice(0, index)}"${key}":${text.slice(index + found.length)}`;
}

function mutated({ chance, below }: Draw, bytes: Buffer, times: number): Buffer {
  let result = Buffer.from(bytes);
  for (let time = 0; time < times && result.length > 0; time += 1) {
    const at = below(result.length);
    if (chance(0.4)) result[at] = below(256);
    else if (chance(0.5)) result = result.subarray(0, at);
    else result = Buffer.concat([result.subarray(0, at), result.subarray(below(at + 1))]);
  }
  return result;
}
