/** What a person did wrong or can mend: told in one line, without a trace. */
export class CliError extends Error {
  override readonly name = 'CliError';
}
