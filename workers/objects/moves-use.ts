import type { Change } from '../../store/types.ts';

/** Kinds whose objects take more or less while they live: machines and gateways have addresses. */
const growing: readonly string[] = ['Instance', 'Workload'];

/** Whether a change can have moved what is used of limits. */
export function movesUse({ type, kind }: Pick<Change, 'type' | 'kind'>): boolean {
  return type !== 'MODIFIED' || growing.includes(kind);
}
