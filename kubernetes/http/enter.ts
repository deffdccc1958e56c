import type { EnterProject } from '../../access/projects/projects.ts';
import { projectOf } from '../../store/control-plane.ts';
import { ApiError } from '../status/status.ts';
import type { Call } from './call.ts';

/**
 * Takes the caller of a request, and whoever it acts as, into the project of the path; without one into its own. Throws 404
 * for a project that does not exist, and for one that the caller may not know of: the same answer.
 */
export function enter(enterProject: EnterProject, call: Call, project: string | undefined): Call {
  const identity = enterProject(call.identity, project, call);
  if (identity === undefined) throw projectNotFound(project ?? projectOf(call.identity.project));
  return identity === call.identity ? call : Object.assign(call, { identity });
}

function projectNotFound(name: string): ApiError {
  const details = { name, group: 'resourcemanager.datumapis.com', kind: 'projects' };
  return new ApiError(404, 'NotFound', `projects.resourcemanager.datumapis.com ${JSON.stringify(name)} not found`, {
    details,
  });
}
