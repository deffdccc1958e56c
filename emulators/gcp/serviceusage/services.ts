import type { Json } from '../core/json.ts';
import type { World } from '../core/world.ts';
import { apiError } from '../http/api-error.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { param } from '../http/api-request.ts';
import type { Route } from '../http/router.ts';
import { SERVICES } from '../http/services.ts';
import { projectState } from '../projects/state.ts';

const TITLES: Readonly<Record<string, string>> = {
  'compute.googleapis.com': 'Compute Engine API',
  'iam.googleapis.com': 'Identity and Access Management (IAM) API',
  'iamcredentials.googleapis.com': 'IAM Service Account Credentials API',
  'secretmanager.googleapis.com': 'Secret Manager API',
  'cloudresourcemanager.googleapis.com': 'Cloud Resource Manager API',
  'serviceusage.googleapis.com': 'Service Usage API',
  'monitoring.googleapis.com': 'Cloud Monitoring API',
  'sts.googleapis.com': 'Security Token Service API',
};
const MAX_BATCH = 30;

/** Service Usage v1: which APIs are on in a project. */
export function serviceUsageRoutes(world: World): readonly Route[] {
  const collection = '/v1/projects/{project}/services';
  const needs = (request: ApiRequest) => [
    { permission: 'serviceusage.services.get', on: `projects/${world.projects.idOf(param(request, 'project'))}` },
  ];
  const name = 'serviceusage.GoogleApiServiceusageV1Service';
  return [
    {
      method: 'GET',
      pattern: `${collection}/{service}`,
      answer: name,
      needs,
      handler: (request) => service(world, param(request, 'project'), param(request, 'service')),
    },
    {
      method: 'GET',
      pattern: `${collection}/:batchGet`,
      parameters: ['names'],
      answer: 'serviceusage.BatchGetServicesResponse',
      needs,
      handler: (request) => batchGet(world, request),
    },
  ];
}

function batchGet(world: World, request: ApiRequest): Json {
  const project = param(request, 'project');
  const names = request.query.getAll('names');
  if (names.length === 0 || names.length > MAX_BATCH) {
    throw apiError(400, 'badRequest', `Between 1 and ${MAX_BATCH} names are required.`);
  }
  const services = names.map((name) => {
    const [, of, wanted] = /^projects\/([^/]+)\/services\/([^/]+)$/.exec(name) ?? [];
    if (wanted === undefined || of === undefined || world.projects.idOf(of) !== world.projects.idOf(project)) {
      throw apiError(400, 'badRequest', `Invalid service name: ${name}.`);
    }
    return service(world, project, wanted);
  });
  return { services };
}

function service(world: World, project: string, name: string): Json {
  if (!(Object.values(SERVICES) as readonly string[]).includes(name)) {
    throw apiError(404, 'notFound', `Service ${name} not found or permission denied.`);
  }
  const id = world.projects.idOf(project);
  const parent = `projects/${world.projects.numberOf(id)}`;
  const isOff = projectState(world, id).disabledServices.includes(name);
  return {
    name: `${parent}/services/${name}`,
    config: { name, title: TITLES[name] },
    state: isOff ? 'DISABLED' : 'ENABLED',
    parent,
  };
}
