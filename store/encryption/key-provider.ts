/** A data key as a provider wrapped it. */
export interface WrappedKey {
  readonly wrapped: Buffer;
  /** Which of its keys the provider used; handed back for unwrapping. */
  readonly keyId: string;
}

/**
 * Holds key-encryption keys and wraps data keys with them: keys of a file, or a key management service. Asked a few times a
 * month and at every start, never for a single value. Rejects when it cannot do so now.
 */
export interface KeyProvider {
  /** Stored with what it wrapped; never changes. */
  readonly id: string;
  /** Wraps 32 bytes with the newest key. */
  wrap(dataKey: Buffer): Promise<WrappedKey>;
  /** Rejects for a key that the provider does not have, and for what was changed. */
  unwrap(wrapped: Buffer, keyId: string): Promise<Buffer>;
  /** Keys of 32 bytes that values from before there were data keys may be sealed with. */
  readonly bareKeys?: readonly Buffer[];
}
