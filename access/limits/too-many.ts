import { withoutStack } from './without-stack.ts';

/** Refusal of what is too much right now; doors say it in their own words, with when to come back. */
export class TooMany extends Error {
  override readonly name = 'TooMany';
  /** When another attempt may succeed, in whole seconds, at least one. */
  readonly retryAfterSecs: number;

  constructor(message: string, retryAfterMs: number) {
    super(message);
    this.retryAfterSecs = Math.max(1, Math.min(mostSecs, Math.ceil(retryAfterMs / 1000)));
  }
}

const mostSecs = 300;

/** A refusal without a stack, which would cost more than all else about it: whoever asks too much gets many. */
export function tooMany(message: string, retryAfterMs: number): TooMany {
  return withoutStack(() => new TooMany(message, retryAfterMs));
}
