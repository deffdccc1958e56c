/** A condition, as objects carry it in `status.conditions`. */
export interface StatusCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number;
  readonly lastTransitionTime: string;
}

/** The conditions of an object of any kind. */
export function conditionsOf(object: object): readonly StatusCondition[] {
  const { status } = object as { readonly status?: { readonly conditions?: readonly StatusCondition[] } };
  return status?.conditions ?? [];
}

/** Whether a condition was said of an older generation of the object than the present one. */
export function isOutdated(object: object, { observedGeneration }: StatusCondition): boolean {
  const { metadata } = object as { readonly metadata?: { readonly generation?: number } };
  return observedGeneration !== undefined && observedGeneration < (metadata?.generation ?? 0);
}

/** Whether the object's condition of this type has this status, said of its present generation. */
export function hasCondition(object: object, type: string, status: string): boolean {
  const condition = conditionsOf(object).find((each) => each.type === type);
  return condition?.status === status && !isOutdated(object, condition);
}
