/** What can be wrong with a field; the names are those of a Kubernetes status cause. */
export type ProblemReason =
  | 'FieldValueRequired'
  | 'FieldValueInvalid'
  | 'FieldValueTypeInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueDuplicate'
  | 'FieldValueNotFound';

/** One finding about an object. */
export interface Problem {
  /** Where: `spec.placements[0].cityCodes[1]`, map keys as `[key]`. */
  readonly path: string;
  readonly reason: ProblemReason;
  /** What is wrong, with the prefix that belongs to the reason: `Unsupported value: "Nope": supported values: "Auto"`. */
  readonly message: string;
}
