import type { ServiceAccount } from '../generated/types.ts';
import { forbidden, type Problem } from '../problem.ts';
import { withoutEmpty } from './without-empty.ts';

/** Leaves out lists without items. */
export function prepare(next: ServiceAccount): ServiceAccount {
  return withoutEmpty(next, ['secrets', 'imagePullSecrets']);
}

/** Secrets of an account would be used by nobody. */
export function admit({ secrets, imagePullSecrets }: ServiceAccount): Problem[] {
  return [
    ...(secrets === undefined
      ? []
      : [forbidden('secrets', 'tokens of an account are asked for at its subresource token and never stored')]),
    ...(imagePullSecrets === undefined
      ? []
      : [forbidden('imagePullSecrets', 'containers name their pull secrets in the template of their workload')]),
  ];
}
