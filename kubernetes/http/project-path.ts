/** A path below a project's prefix. */
export interface ProjectPath {
  /** As the client wrote it; whatever it is, it is no name of a project before it is looked up. */
  readonly project: string;
  /** What precedes the path: `/projects/shop/control-plane`. */
  readonly prefix: string;
  /** The path within the project's control plane: `/api/v1`. */
  readonly path: string;
}

const prefix =
  /^(?:\/apis\/resourcemanager\.(?:miloapis|datumapis)\.com\/v1alpha1)?\/projects\/([^/]+)\/control-plane(?=\/|$)/;

/**
 * Reads the prefix of a project: `/projects/<name>/control-plane`, or the same below the group that declares projects, ours
 * or the one that clients of an older system know. Undefined for a path without one, which is of the caller's own project.
 */
export function readProjectPath(path: string): ProjectPath | undefined {
  // Almost all requests come by here, and few have one.
  if (!path.includes('/control-plane')) return undefined;
  const found = prefix.exec(path);
  if (found === null) return undefined;
  const [before, project = ''] = found;
  return { project, prefix: before, path: path.slice(before.length) || '/' };
}
