/** Waits for all of the work, then throws the first error, if any: nothing goes on behind the caller's back. */
export async function settleAll<T>(work: Iterable<Promise<T>>): Promise<T[]> {
  const results = await Promise.allSettled(work);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
