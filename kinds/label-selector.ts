import type { LabelSelector } from './generated/types.ts';
import { labelProblems } from './metadata.ts';
import { labelValueFault, qualifiedNameFault } from './name-rules.ts';
import { forbidden, invalid, required, type Problem } from './problem.ts';

/** What breaks the rules on a label selector. */
export function selectorProblems(path: string, { matchLabels, matchExpressions = [] }: LabelSelector = {}): Problem[] {
  const expressions = matchExpressions.flatMap(({ key, operator, values = [] }, index) => {
    const at = `${path}.matchExpressions[${index}]`;
    const keyFault = qualifiedNameFault(key);
    const needsValues = operator === 'In' || operator === 'NotIn';
    return [
      ...(keyFault === undefined ? [] : [invalid(`${at}.key`, key, keyFault)]),
      ...(needsValues && values.length === 0
        ? [required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'")]
        : []),
      ...(!needsValues && values.length > 0
        ? [forbidden(`${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")]
        : []),
      ...values.flatMap((value, place) => {
        const fault = labelValueFault(value);
        return fault === undefined ? [] : [invalid(`${at}.values[${place}]`, value, fault)];
      }),
    ];
  });
  return [...labelProblems(`${path}.matchLabels`, matchLabels), ...expressions];
}

/** Whether a selector selects an object with these labels; an empty selector selects everything. */
export function selectsLabels(
  { matchLabels = {}, matchExpressions = [] }: LabelSelector,
  labels: Readonly<Record<string, string>> = {},
): boolean {
  const valueOf = (key: string): string | undefined => (Object.hasOwn(labels, key) ? labels[key] : undefined);
  return (
    Object.entries(matchLabels).every(([key, value]) => valueOf(key) === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = valueOf(key);
      switch (operator) {
        case 'In':
          return value !== undefined && values.includes(value);
        case 'NotIn':
          return value === undefined || !values.includes(value);
        case 'Exists':
          return value !== undefined;
        case 'DoesNotExist':
          return value === undefined;
      }
    })
  );
}
