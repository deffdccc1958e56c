import { ApiError, type Status } from './status.ts';

/** What a call refuses, for tests. Throws where it does not. */
export function refusalOf(run: () => unknown): Status {
  try {
    run();
  } catch (error) {
    if (error instanceof ApiError) return error.status;
    throw error;
  }
  throw new Error('nothing was refused');
}
