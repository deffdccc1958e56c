import type { Instance, NetworkPolicy } from '../../kinds/generated/types.ts';
import { effectivePolicy } from '../../kinds/networking/effective-policy.ts';
import type { SubgraphContext } from '../uniform/context.ts';
import { badInput } from '../uniform/errors.ts';

/** Field of an instance that says what decides about the traffic of an interface. */
export const effectivePolicyResolvers = {
  async effectivePolicy(
    instance: Instance,
    { interface: index }: { readonly interface: number },
    { guard, registry, loaders }: SubgraphContext,
  ): Promise<object[]> {
    const network = instance.spec.networkInterfaces[index]?.network;
    if (network === undefined) throw badInput(`the instance has no interface ${index}`, 'interface');
    const namespace = network.namespace ?? instance.metadata.namespace ?? '';
    // Without the policies that the caller may not see it would say that something is open which is closed.
    guard.requireSight(registry.get('NetworkPolicy'), 'list', { namespace });
    const refersTo = { kind: 'Network', namespace, name: network.name };
    const { items } = await loaders.list('NetworkPolicy', { namespace, refersTo });
    return effectivePolicy(instance, index, items as unknown as readonly NetworkPolicy[]).map((rule) => ({
      ...rule,
      origin: rule.origin.kind === 'Implied' ? null : rule.origin,
    }));
  },
};
