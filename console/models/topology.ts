import type { Instance, Network, NetworkContext, Subnet } from '../../sdk/main.ts';
import { healthOf, type Tone } from '../catalog/health.ts';
import { type CloudResource, cloudStateText, cloudTypeText, toneOfCloud } from './cloud-resource.ts';
import { contains, type IpRange, parseAddress, parseRange, rangeAround, widthOf } from './ip-range.ts';

/** As much of what was made in a cloud as the graph shows. */
export type GraphedResource = Pick<CloudResource, 'type' | 'name' | 'state' | 'verb' | 'url'>;

/** From left to right. */
export const layers = ['Network', 'NetworkContext', 'Subnet', 'Instance', 'CloudResource'] as const;
export type Layer = (typeof layers)[number];

/** An object in the graph. `hidden`: it stands for so many that are not drawn. */
export interface GraphNode {
  readonly id: string;
  readonly layer: Layer;
  readonly name: string;
  readonly namespace?: string;
  /** What tells it from its neighbours: the location of a context, the range of a subnet; of others their name. */
  readonly title: string;
  /** A second line. */
  readonly detail: string;
  readonly tone: Tone;
  readonly state: string;
  readonly url?: string;
  readonly hidden?: number;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

/** A network and what is on it. Every edge leads from a layer to one further to the right. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** What the graph of a network is made from; what is of other networks is left out. */
export interface GraphParts {
  readonly network: Network;
  readonly contexts: readonly NetworkContext[];
  readonly subnets: readonly Subnet[];
  readonly instances: readonly Instance[];
  /** What was made for an instance, by its uid. */
  readonly cloudResources: ReadonlyMap<string, readonly GraphedResource[]>;
  /** Instances that are drawn below one parent; the others are one node. */
  readonly maxInstances: number;
}

const collator = new Intl.Collator('en', { numeric: true });
const byName = (a: Named, b: Named): number => collator.compare(a.metadata.name, b.metadata.name);

interface Named {
  readonly metadata: { readonly name: string; readonly namespace?: string | undefined };
}

/** The graph of one network. The same objects give the same graph, in whatever order they come. */
export function graphOf(parts: GraphParts): Graph {
  const { network, cloudResources, maxInstances } = parts;
  const nodes: GraphNode[] = [nodeOf('Network', network, rangesOf(network).join(', '))];
  const edges: GraphEdge[] = [];
  const contexts = parts.contexts
    .filter(({ metadata, spec }) => isNamed(network, metadata.namespace, spec.network.name))
    .toSorted(byName);
  for (const context of contexts) {
    nodes.push(nodeOf('NetworkContext', context, context.metadata.name, context.spec.location.name));
    edges.push({ from: network.metadata.uid, to: context.metadata.uid });
  }
  const subnets = parts.subnets.filter(({ metadata }) => metadata.namespace === network.metadata.namespace);
  const onNetwork: { context: NetworkContext; subnet: Subnet; range: IpRange | undefined }[] = [];
  for (const subnet of subnets.toSorted(byName)) {
    const context = contexts.find(({ metadata }) => metadata.name === subnet.spec.networkContext.name);
    if (context === undefined) continue;
    const range = rangeOfSubnet(subnet);
    onNetwork.push({ context, subnet, range });
    nodes.push(nodeOf('Subnet', subnet, subnet.metadata.name, rangeText(subnet)));
    edges.push({ from: context.metadata.uid, to: subnet.metadata.uid });
  }

  const below = new Map<string, Instance[]>();
  const parents = new Map<Instance, string[]>();
  for (const instance of parts.instances.filter((each) => isOn(each, network)).toSorted(byName)) {
    const addresses = addressesOf(instance, network);
    const own = onNetwork.filter(({ range }) => range !== undefined && addresses.some((each) => isIn(each, range)));
    const { location } = instance.spec;
    const context = contexts.find(
      ({ spec }) => spec.location.name === location?.name && spec.location.namespace === location.namespace,
    );
    // Before it has an address it hangs on its place, and before it has a place on the network.
    const of = own.length > 0 ? own.map(({ subnet }) => subnet) : [context ?? network];
    const uids = of.map(({ metadata }) => metadata.uid);
    parents.set(instance, uids);
    const [first = ''] = uids;
    below.set(first, [...(below.get(first) ?? []), instance]);
  }
  for (const [parent, instances] of below) {
    const shown = instances.length > maxInstances ? instances.slice(0, maxInstances - 1) : instances;
    for (const instance of shown) {
      const { uid } = instance.metadata;
      nodes.push(nodeOf('Instance', instance, addressesOf(instance, network).join(', ')));
      for (const from of parents.get(instance) ?? []) edges.push({ from, to: uid });
      for (const resource of cloudResources.get(uid) ?? []) {
        const id = `${uid} ${resource.type} ${resource.name}`;
        nodes.push(cloudNode(id, resource));
        edges.push({ from: uid, to: id });
      }
    }
    const hidden = instances.length - shown.length;
    if (hidden === 0) continue;
    const id = `${parent} more`;
    const name = `${hidden} more`;
    nodes.push({ id, layer: 'Instance', name, title: name, detail: '', tone: 'idle', state: '', hidden });
    edges.push({ from: parent, to: id });
  }
  return { nodes, edges };
}

/** Whether an interface of an instance is on a network. */
export function isOn({ metadata, spec }: Pick<Instance, 'metadata' | 'spec'>, network: Named): boolean {
  return spec.networkInterfaces.some((each) =>
    isNamed(network, each.network.namespace ?? metadata.namespace, each.network.name),
  );
}

/** Addresses of an instance's interfaces on a network. */
export function addressesOf({ metadata, spec, status }: Instance, network: Named): string[] {
  return spec.networkInterfaces.flatMap((each, index) => {
    if (!isNamed(network, each.network.namespace ?? metadata.namespace, each.network.name)) return [];
    const { networkIP, networkIPv6 } = status?.networkInterfaces?.[index]?.assignments ?? {};
    return [networkIP, networkIPv6].filter((address) => address !== undefined && address !== null);
  });
}

/** Ranges of a network: those that it has, else those that it asks for. */
export function rangesOf({ spec, status }: Network): string[] {
  const { ipv4Range, ipv6Range } = { ...spec.ipam, ...status?.ipam };
  return [ipv4Range, ipv6Range].filter((range) => range !== undefined && range !== null);
}

/** The range that a subnet has; undefined while it has none. */
export function rangeOfSubnet({ status }: Subnet): IpRange | undefined {
  const { startAddress, prefixLength } = status ?? {};
  return startAddress && prefixLength ? parseRange(`${startAddress}/${prefixLength}`) : undefined;
}

function rangeText({ status }: Subnet): string {
  return status?.startAddress ? `${status.startAddress}/${status.prefixLength}` : 'no range yet';
}

function isNamed({ metadata }: Named, namespace: string | undefined, name: string): boolean {
  return metadata.name === name && metadata.namespace === namespace;
}

function isIn(address: string, range: IpRange): boolean {
  const parsed = parseAddress(address);
  return parsed !== undefined && contains(range, rangeAround(parsed, widthOf(parsed.family)));
}

function nodeOf(
  layer: Layer,
  object: Network | NetworkContext | Subnet | Instance,
  detail: string,
  title: string = object.metadata.name,
): GraphNode {
  const { label, tone } = healthOf(object);
  const { name, namespace, uid } = object.metadata;
  return { id: uid, layer, name, ...(namespace === undefined ? {} : { namespace }), title, detail, tone, state: label };
}

function cloudNode(id: string, resource: GraphedResource): GraphNode {
  const { type, name, url } = resource;
  const [tone, state] = [toneOfCloud(resource), cloudStateText(resource)];
  return {
    id,
    layer: 'CloudResource',
    name,
    title: name,
    detail: cloudTypeText(type),
    tone,
    state,
    ...(url ? { url } : {}),
  };
}
