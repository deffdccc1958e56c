import type { Resource } from '../../kinds/object.ts';
import type { Verdict } from '../objects/condition.ts';

const namedProjects = 3;

/** Nothing is amiss. */
export const ready: Verdict = {
  type: 'Ready',
  status: 'True',
  reason: 'Ready',
  message: 'Projects can name the organization',
};

/** What an organization that cannot go yet says. */
export function inUse(projects: readonly Pick<Resource, 'metadata'>[]): Verdict {
  const names = projects.slice(0, namedProjects).map(({ metadata }) => metadata.name);
  const more = projects.length > namedProjects ? ' and more' : '';
  const message = `In use by ${projects.length === 1 ? 'project' : 'projects'} ${names.join(', ')}${more}`;
  return { type: 'Ready', status: 'False', reason: 'InUse', message };
}
