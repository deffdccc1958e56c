import type { JsonObject } from '../core/json.ts';
import { stringAt, stringsAt } from '../core/json.ts';
import type { World } from '../core/world.ts';
import { ApiError } from '../http/api-error.ts';
import type { ApiName } from '../http/envelope.ts';
import { SERVICES } from '../http/services.ts';

/** Name of the setting for the state of a project; the control API writes it. */
export const PROJECT = 'project/';

export interface ProjectState {
  readonly isDeleted: boolean;
  readonly hasBilling: boolean;
  readonly disabledServices: readonly string[];
}

/** Every project is there, active and billed, with all APIs on, unless the control API says otherwise. */
export function projectState(world: World, projectId: string): ProjectState {
  const setting = world.database.get('setting', PROJECT + projectId) ?? {};
  return {
    isDeleted: stringAt(setting, 'state') === 'DELETE_REQUESTED',
    hasBilling: setting['billing'] !== false,
    disabledServices: stringsAt(setting, 'disabledServices'),
  };
}

/** APIs that tell of a project's state instead of refusing for it. */
const ABOUT_PROJECTS: readonly ApiName[] = ['cloudresourcemanager', 'serviceusage', 'sts', 'iamcredentials'];
const BILLED: readonly ApiName[] = ['compute', 'secretmanager'];

/** 403 when the API cannot be used in the project. */
export function requireUsable(world: World, api: ApiName, project: string): void {
  if (world.database.size('setting') === 0 || ABOUT_PROJECTS.includes(api)) return;
  const id = world.projects.idOf(project);
  const state = projectState(world, id);
  const number = world.projects.numberOf(id);
  if (state.isDeleted) {
    const message = `Project '${number}' not found or deleted.`;
    throw refusal('forbidden', message, 'CONSUMER_INVALID', number, api, {});
  }
  if (state.disabledServices.includes(SERVICES[api])) throw serviceDisabled(api, number);
  if (!state.hasBilling && BILLED.includes(api)) {
    const message =
      `This API method requires billing to be enabled. Please enable billing on project #${number} by visiting ` +
      `https://console.developers.google.com/billing/enable?project=${number} then retry.`;
    throw refusal('accessNotConfigured', message, 'BILLING_DISABLED', number, api, { domain: 'usageLimits' });
  }
}

function serviceDisabled(api: ApiName, number: string): ApiError {
  const service = SERVICES[api];
  const page = `https://console.developers.google.com/apis/api/${service}/overview?project=${number}`;
  const message =
    `${service} has not been used in project ${number} before or it is disabled. Enable it by visiting ${page} then retry. ` +
    'If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.';
  return refusal('accessNotConfigured', message, 'SERVICE_DISABLED', number, api, {
    domain: 'usageLimits',
    help: 'https://console.developers.google.com',
  });
}

function refusal(
  reason: string,
  message: string,
  info: string,
  number: string,
  api: ApiName,
  more: { readonly domain?: string; readonly help?: string },
): ApiError {
  const metadata: JsonObject = { service: SERVICES[api], consumer: `projects/${number}` };
  const detail = {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason: info,
    domain: 'googleapis.com',
    metadata,
  };
  return new ApiError({ httpStatus: 403, reason, message, ...more, details: [detail] });
}
