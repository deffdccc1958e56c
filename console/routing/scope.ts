import { useCallback } from 'react';
import { useLocation, useRouter, useSearch } from 'wouter';

/** Name of the search parameter that says which namespace is looked at. */
const namespaceParameter = 'ns';
const inProject = /^\/p\/([^/]+)(?=\/|$)/;

/** Beginning of all paths of a project; empty for the project of the token. */
export function baseOf(project: string | undefined): string {
  return project === undefined ? '' : `/p/${encodeURIComponent(project)}`;
}

/** The project that a path names; undefined for that of the token. */
export function projectIn(path: string): string | undefined {
  const [, project] = inProject.exec(path) ?? [];
  return project === undefined ? undefined : decodeURIComponent(project);
}

/** The namespace that is looked at; undefined: all. */
export function useNamespace(): string | undefined {
  return new URLSearchParams(useSearch()).get(namespaceParameter) ?? undefined;
}

/** Makes the address of a path, which keeps the namespace that is looked at. `parameters` are added to it. */
export function useHref(): (path: string, parameters?: Readonly<Record<string, string>>) => string {
  const namespace = useNamespace();
  return useCallback(
    (path, parameters = {}) => {
      const search = new URLSearchParams({
        ...(namespace === undefined ? {} : { [namespaceParameter]: namespace }),
        ...parameters,
      });
      return search.size === 0 ? path : `${path}?${search.toString()}`;
    },
    [namespace],
  );
}

/** Goes to a path, and keeps the namespace that is looked at. */
export function useGo(): (path: string, parameters?: Readonly<Record<string, string>>) => void {
  const [, navigate] = useLocation();
  const href = useHref();
  return useCallback((path, parameters) => navigate(href(path, parameters)), [navigate, href]);
}

/** Changes the project, at its overview. */
export function useSetProject(): (project: string | undefined) => void {
  const [, navigate] = useLocation();
  return useCallback((project) => navigate(`~${baseOf(project)}/`), [navigate]);
}

/** One search parameter, and how to change it: in place, so that going back leaves the page. Undefined takes it away. */
export function useParameter(name: string): [string | undefined, (value: string | undefined) => void] {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const value = new URLSearchParams(search).get(name) ?? undefined;
  const set = useCallback(
    (next: string | undefined) => {
      // What another control of the page has just set is in the window's address before it is in `search`.
      const parameters = new URLSearchParams(globalThis.location.search);
      if (next === undefined || next === '') parameters.delete(name);
      else parameters.set(name, next);
      navigate(parameters.size === 0 ? path : `${path}?${parameters.toString()}`, { replace: true });
    },
    [name, navigate, path],
  );
  return [value, set];
}

/** The namespace that is looked at, and how to change it. */
export function useNamespaceParameter(): [string | undefined, (namespace: string | undefined) => void] {
  return useParameter(namespaceParameter);
}

/** The path within the project, without what the router adds. */
export function usePath(): string {
  const [path] = useLocation();
  return path;
}

/** The project whose pages are shown; undefined for that of the token. */
export function useProject(): string | undefined {
  return projectIn(useRouter().base);
}
