/** Longest batch: bounds how long the lock of one network is held at a time, some 20 ms. */
const maxBatch = 64;

/**
 * Lets calls with one key share round trips: while a batch of the key is under way, further calls wait and go together in
 * the next. A call that finds nothing under way goes at once, so nobody waits for company. When a batch fails, each call is
 * tried alone, so that one bad call fails alone.
 */
export function joinCalls<Call, Answer>(
  keyOf: (call: Call) => string,
  run: (calls: readonly Call[]) => Promise<readonly Answer[]>,
): (call: Call) => Promise<Answer> {
  interface Waiting {
    readonly call: Call;
    readonly resolve: (answer: Answer) => void;
    readonly reject: (error: unknown) => void;
  }
  const queues = new Map<string, Waiting[]>();

  async function settle(batch: readonly Waiting[]): Promise<void> {
    try {
      const answers = await run(batch.map(({ call }) => call));
      for (const [index, { resolve }] of batch.entries()) resolve(answers[index]!); // run answers one per call
    } catch (error) {
      const alone = batch.length === 1 ? batch[0] : undefined;
      if (alone !== undefined) alone.reject(error);
      else for (const waiting of batch) await settle([waiting]);
    }
  }

  async function drain(key: string, queue: Waiting[]): Promise<void> {
    while (queue.length > 0) await settle(queue.splice(0, maxBatch));
    queues.delete(key);
  }

  return (call) =>
    new Promise((resolve, reject) => {
      const key = keyOf(call);
      const queue = queues.get(key);
      if (queue !== undefined) {
        queue.push({ call, resolve, reject });
        return;
      }
      const started: Waiting[] = [{ call, resolve, reject }];
      queues.set(key, started);
      void drain(key, started);
    });
}
