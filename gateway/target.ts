import type { IncomingMessage } from 'node:http';

/** Path of the GraphQL endpoint, for HTTP and WebSocket. */
export const graphqlPath = '/graphql';

/** Header that names the project to work in. */
export const projectHeader = 'datum-project';

const inProject = /^\/projects\/([^/?]+)\/graphql(?=\?|$)/;

/** Whether a URL is that of the endpoint: `/graphql`, or `/projects/<name>/graphql` for the one of a project. */
export function isEndpoint(url: string): boolean {
  return url === graphqlPath || url.startsWith(`${graphqlPath}?`) || inProject.test(url);
}

/** The URL of the endpoint without its project. */
export function withoutProject(url: string): string {
  return url.replace(inProject, graphqlPath);
}

/** What names several projects at once names none, and so does what is no text. */
export const manyProjects = Symbol('many projects');

/**
 * The project that a request names by its path, its header or otherwise; undefined where it names none, which means the
 * caller's own.
 */
export function projectNamed(
  { url = '', headers }: Pick<IncomingMessage, 'url' | 'headers'>,
  otherwise?: unknown,
): string | typeof manyProjects | undefined {
  // It is a wish that must not be overlooked: whoever has it would work in another project than they think.
  if (typeof (otherwise ?? '') !== 'string') return manyProjects;
  const [, path] = inProject.exec(url) ?? [];
  const header = headers[projectHeader];
  const names = new Set([path, header, otherwise].filter((name) => typeof name === 'string' && name !== ''));
  if (names.size > 1) return manyProjects;
  const [name] = names as Set<string>;
  return name;
}

/** What is said of a project that does not exist, and of one that the caller does not know of. */
export function unknownProject(name: string): string {
  return `project ${JSON.stringify(name)} not found`;
}
