/** A body that cannot be decoded; the message is Kubernetes' reason, the status code is for whoever knows the request. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}
