import { fingerprintOf } from '../core/fingerprint.ts';
import type { World } from '../core/world.ts';
import type { Route } from '../http/router.ts';
import { projectQuotas } from './catalog/quotas.ts';
import { linkOf } from './links.ts';
import { projectOf } from './scope.ts';

/** projects.get: every project exists. */
export function projectRoutes(world: World): readonly Route[] {
  return [
    {
      method: 'GET',
      pattern: '/compute/v1/projects/{project}',
      needs: (request) => [{ permission: 'compute.projects.get', on: `projects/${projectOf(request)}` }],
      handler(request) {
        const project = world.projects.idOf(projectOf(request));
        const number = world.projects.numberOf(project);
        return {
          kind: 'compute#project',
          id: number,
          creationTimestamp: '2024-01-01T00:00:00.000-08:00',
          name: project,
          commonInstanceMetadata: { kind: 'compute#metadata', fingerprint: fingerprintOf([]) },
          quotas: projectQuotas(world, `projects/${project}`),
          selfLink: linkOf(`projects/${project}`),
          defaultServiceAccount: `${number}-compute@developer.gserviceaccount.com`,
          xpnProjectStatus: 'UNSPECIFIED_XPN_PROJECT_STATUS',
          defaultNetworkTier: 'PREMIUM',
          vmDnsSetting: 'ZONAL_ONLY',
        };
      },
    },
  ];
}
