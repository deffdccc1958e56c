/** The life of a credential, for connections that outlast a request. */
export interface Session {
  /** Calls `ended` once when the credential is revoked, at once if it already is. The answer takes the wish back. */
  follow(ended: () => void): () => void;
}
