/** Something that can be gone to or done. */
export interface Command {
  readonly id: string;
  readonly label: string;
  /** What it is, or its key. */
  readonly hint?: string;
  /** Other words by which it is found. */
  readonly words?: string;
  readonly run: () => void;
}
