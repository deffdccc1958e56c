import type { Read } from '../admit.ts';
import type { InstanceSpec } from '../generated/types.ts';
import { forbidden, type Problem } from '../problem.ts';

type Interfaces = Pick<InstanceSpec, 'networkInterfaces'>;

/**
 * What breaks the rule that an interface needs a network with IPv4, as far as the network is there by now; interfaces that
 * name the networks that they named before are not asked again.
 */
export async function familyProblems(
  path: string,
  { networkInterfaces }: Interfaces,
  previous: Interfaces | undefined,
  home: string,
  read: Read,
): Promise<Problem[]> {
  const problems = await Promise.all(
    networkInterfaces.map(async ({ network: { name, namespace = home } }, index): Promise<Problem[]> => {
      const isKnown = previous?.networkInterfaces.some(
        ({ network }) => network.name === name && (network.namespace ?? home) === namespace,
      );
      const network = isKnown ? undefined : await read.get('Network', { namespace, name });
      const families = network?.spec.ipFamilies ?? [];
      return families.length === 0 || families.includes('IPv4')
        ? []
        : [
            forbidden(
              `${path}.networkInterfaces[${index}].network`,
              'the network has IPv6 alone, and machines need IPv4 as well; add IPv4 to its ipFamilies',
            ),
          ];
    }),
  );
  return problems.flat();
}
