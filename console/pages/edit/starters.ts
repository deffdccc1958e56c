import { skeletonOf, type Schema } from '../../catalog/schemas.ts';
import type { KindFacts } from '../../catalog/kind-facts.ts';

/** Something to begin a new object with. */
export interface Starter {
  readonly id: string;
  readonly label: string;
  /** The object without what says its kind. */
  readonly content: Readonly<Record<string, unknown>>;
}

const placement = { name: 'default', cityCodes: ['DFW'], scaleSettings: { minReplicas: 1 } };
const resources = { instanceType: 'datumcloud/d1-standard-2' };

/** Starters of kinds that few write from memory. */
const ofKinds: Readonly<Record<string, readonly (Starter & { readonly content: { readonly spec: object } })[]>> = {
  workloads: [
    {
      id: 'machine',
      label: 'Virtual machine',
      content: {
        spec: {
          template: {
            metadata: {
              annotations: {
                'compute.datumapis.com/ssh-keys':
                  'ops:ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFvu1ampWcwUbU93FFttOsdNDEOfyT1VbZxn3kx+FHF4 ops@example.com',
              },
            },
            spec: {
              runtime: { resources, virtualMachine: { volumeAttachments: [{ name: 'boot' }] } },
              networkInterfaces: [{ network: { name: 'default' } }],
              volumes: [
                {
                  name: 'boot',
                  disk: {
                    template: {
                      spec: { type: 'pd-standard', populator: { image: { name: 'datumcloud/ubuntu-2204-lts' } } },
                    },
                  },
                },
              ],
            },
          },
          placements: [placement],
        },
      },
    },
    {
      id: 'containers',
      label: 'Containers',
      content: {
        spec: {
          template: {
            spec: {
              runtime: {
                resources,
                sandbox: {
                  containers: [
                    { name: 'web', image: 'docker.io/library/nginx:1.29', ports: [{ name: 'http', port: 80 }] },
                  ],
                },
              },
              networkInterfaces: [
                {
                  network: { name: 'default' },
                  networkPolicy: { ingress: [{ ports: [{ port: 80 }], from: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] },
                },
              ],
            },
          },
          placements: [placement],
        },
      },
    },
  ],
};

/** What a new object of a kind can begin with; at least one, from its schema. */
export function startersOf({ many }: KindFacts, schema: Schema): readonly Starter[] {
  const { metadata: _, ...content } = skeletonOf(schema) as Record<string, unknown>;
  return ofKinds[many] ?? [{ id: 'minimal', label: 'What is required', content }];
}

/** A new object as a manifest, whose name is still to be given. */
export function manifestFrom(
  starter: Starter,
  { group, version, type, namespaced }: KindFacts,
  namespace: string,
): object {
  return {
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind: type,
    metadata: { name: '', ...(namespaced ? { namespace } : {}) },
    ...starter.content,
  };
}
