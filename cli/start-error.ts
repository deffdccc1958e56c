/** The product cannot start or go on; the message is one line for whoever runs it, and no stack is shown. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
