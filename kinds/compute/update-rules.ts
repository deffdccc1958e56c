import type { UpdateStrategy } from '../generated/types.ts';
import { forbidden, invalid, type Problem } from '../problem.ts';

/** What breaks the rules on how a changed template reaches the instances. */
export function updateProblems(path: string, { type, rollingUpdate }: UpdateStrategy = {}): Problem[] {
  if (rollingUpdate === undefined) return [];
  const at = `${path}.rollingUpdate`;
  if (type === 'OnDelete') return [forbidden(at, 'goes with RollingUpdate only')];
  const { maxUnavailable = 1, maxSurge = 0 } = rollingUpdate;
  return [
    ...amountProblems(`${at}.maxUnavailable`, maxUnavailable),
    ...amountProblems(`${at}.maxSurge`, maxSurge),
    ...(isNone(maxUnavailable) && isNone(maxSurge)
      ? [invalid(`${at}.maxUnavailable`, maxUnavailable, 'cannot be 0 when maxSurge is 0')]
      : []),
  ];
}

function amountProblems(path: string, value: number | string): Problem[] {
  const isValid = typeof value === 'number' ? value >= 0 : /^(\d\d?|100)%$/.test(value);
  return isValid ? [] : [invalid(path, value, 'must be a number of instances, or a percentage from 0% to 100%')];
}

function isNone(value: number | string): boolean {
  return value === 0 || /^0+%$/.test(String(value));
}
