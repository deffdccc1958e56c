/**
 * Trying again cannot help until the object changes, and the reconciler has shown it in status: the run counts as done.
 */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';
}
