import { StoreError } from './errors.ts';

/** Classes of SQLSTATE that say the server or the connection is gone or going. */
const lost = ['08', '57', '53'];

/**
 * What an error of Postgres means to a caller: a lost connection may be tried again, a text that Postgres cannot hold
 * (such as one with a NUL) is the caller's. Any other error is passed on as it is, for the door to mask.
 */
export function fromPostgres(error: unknown): unknown {
  if (error instanceof StoreError) return error;
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') {
    const isLost = error instanceof Error && /connection|terminat|timeout/i.test(error.message);
    return isLost ? unavailable(error) : error;
  }
  if (isDataError(error))
    return new StoreError('BadRequest', 'the object holds a character that cannot be stored', { cause: error });
  return /^E[A-Z]+$/.test(code) || lost.includes(code.slice(0, 2)) ? unavailable(error) : error;
}

/** Whether Postgres refused the values of one row, which says nothing about the rows that travelled with it. */
export function isDataError(error: unknown): boolean {
  return String((error as { code?: unknown } | null)?.code ?? '').startsWith('22');
}

function unavailable(cause: unknown): StoreError {
  return new StoreError('Unavailable', 'the database cannot be reached; try again', { cause });
}
