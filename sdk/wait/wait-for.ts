import { DatumError } from '../client/errors.ts';
import type { Metadata } from '../client/kind.ts';
import type { WatchEvent, WatchOptions } from '../watch/watch.types.ts';
import { conditionsOf, hasCondition, isOutdated, type StatusCondition } from './conditions.ts';
import type { Condition, WaitOptions } from './wait.types.ts';

/** What was waited for did not come in time, or cannot come any more. */
export class NotReadyError extends DatumError {
  override readonly name = 'NotReadyError';
  /** Last state of the object; undefined when it was never there or is gone. */
  readonly object: object | undefined;
  /** The condition that keeps it back, with its reason. */
  readonly condition: StatusCondition | undefined;

  constructor(message: string, object: object | undefined, condition: StatusCondition | undefined) {
    super(message, { code: 'NOT_READY', retryable: true });
    this.object = object;
    this.condition = condition;
  }
}

const defaultTimeoutMs = 60_000;

interface Watched {
  readonly metadata: Metadata;
}

/** Waits by watch until a condition holds; see `Resource.waitFor`. */
export async function waitFor<T extends Watched>(
  type: string,
  watch: (options: WatchOptions & { readonly namespace?: string | undefined }) => AsyncIterable<WatchEvent<T>>,
  { namespace, name }: { readonly namespace?: string | undefined; readonly name: string },
  condition: Condition<T>,
  { signal, timeoutMs = defaultTimeoutMs }: WaitOptions = {},
): Promise<T | undefined> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const what = `${type} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
  const isSo = testOf(condition);
  let last: T | undefined;
  let wasThere = false;
  try {
    const events = watch({
      namespace,
      fieldSelector: `metadata.name=${name}`,
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    for await (const event of events) {
      if (event.type === 'RESYNC') continue;
      if (event.type === 'BOOKMARK') {
        if (condition === 'deleted' && last === undefined) return undefined;
        continue;
      }
      last = event.type === 'DELETED' ? undefined : event.object;
      if (last === undefined) {
        if (condition === 'deleted') return undefined;
        throw new NotReadyError(`${what} was deleted`, undefined, undefined);
      }
      wasThere = true;
      if (isSo(last)) return last;
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (!timeout.aborted) throw error;
  }
  const waited = `after ${timeoutMs / 1_000} s`;
  if (last === undefined)
    throw new NotReadyError(`${what} ${wasThere ? 'is gone' : 'does not exist'} ${waited}`, undefined, undefined);
  const blocking = blockingCondition(last, condition);
  throw new NotReadyError(`${what} is not ${nameOf(condition)} ${waited}${reasonOf(last, blocking)}`, last, blocking);
}

function testOf<T extends Watched>(condition: Condition<T>): (object: T) => boolean {
  if (typeof condition === 'function') return condition;
  if (condition === 'deleted') return () => false;
  const [type = '', status = 'True'] = condition.split('=');
  return (object) => hasCondition(object, type, status);
}

function nameOf<T>(condition: Condition<T>): string {
  return typeof condition === 'function' ? 'as it should be' : condition;
}

/** The condition that was waited for, else the first that is not True. */
function blockingCondition<T>(object: object, condition: Condition<T>): StatusCondition | undefined {
  const all = conditionsOf(object);
  const [type] = typeof condition === 'string' ? condition.split('=') : [];
  return all.find((each) => each.type === type) ?? all.find(({ status }) => status !== 'True');
}

function reasonOf(object: object, condition: StatusCondition | undefined): string {
  const { metadata } = object as {
    readonly metadata: { readonly finalizers?: readonly string[]; deletionTimestamp?: string };
  };
  if (metadata.deletionTimestamp !== undefined)
    return `: it is being deleted, kept by ${metadata.finalizers?.join(', ') ?? 'nothing'}`;
  if (condition === undefined) return ': it says nothing about itself';
  const { message, reason, status, type } = condition;
  const outdated = isOutdated(object, condition) ? ', said of an older generation' : '';
  return `: ${type} is ${status} (${reason})${message === '' ? '' : `, ${message}`}${outdated}`;
}
