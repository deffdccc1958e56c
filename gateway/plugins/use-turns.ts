import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { type ExecutionArgs, type ExecutionResult, getOperationAST } from 'graphql';
import type { Identity } from '../../access/identity.ts';
import { measuresOf } from '../../access/limits/demand/measures-of.ts';
import type { RequestLimits } from '../../access/limits/request-limits.ts';
import { TooMany } from '../../access/limits/too-many.ts';
import type { Release } from '../../access/limits/turns.ts';
import { unitsOf } from '../../access/limits/work.ts';
import { tooManyError } from '../too-many.ts';
import type { CallerContext } from './use-auth.ts';

type Result = ExecutionResult | AsyncIterable<ExecutionResult>;
type Execute = (args: ExecutionArgs) => Promise<Result> | Result;

/** Lets operations run when it is their caller's turn: writes are paid for one by one, watches counted until they end. */
export function useTurns(limits: RequestLimits): GatewayPlugin {
  return {
    onExecute({ executeFn, setExecuteFn }) {
      const run = executeFn as Execute;
      setExecuteFn(((args: ExecutionArgs) => inTurn(limits, args, run)) as never);
    },
    onSubscribe({ subscribeFn, setSubscribeFn }) {
      const run = subscribeFn as Execute;
      setSubscribeFn(((args: ExecutionArgs) => watched(limits, args, run)) as never);
    },
  };
}

async function inTurn(limits: RequestLimits, args: ExecutionArgs, run: Execute): Promise<Result> {
  const identity = identityOf(args);
  const releases: Release[] = [];
  try {
    const measures = measuresOf(args);
    if (getOperationAST(args.document, args.operationName)?.operation === 'mutation')
      limits.spend(identity, 'write', measures?.roots ?? 1);
    releases.push(await limits.enter(identity));
    const units = unitsOf(measures?.cost ?? 0);
    if (units > 0) releases.push(await limits.work(identity, units));
    return await run(args);
  } catch (error) {
    if (error instanceof TooMany) return { errors: [tooManyError(error)] };
    throw error;
  } finally {
    for (const release of releases) release();
  }
}

async function watched(limits: RequestLimits, args: ExecutionArgs, run: Execute): Promise<Result> {
  const identity = identityOf(args);
  let over: Release | undefined;
  try {
    limits.spend(identity, 'watch');
    over = limits.openWatch(identity);
    const result = await run(args);
    if (!(Symbol.asyncIterator in result)) return result;
    const stream = untilOver(result, over);
    over = undefined;
    return stream;
  } catch (error) {
    if (error instanceof TooMany) return { errors: [tooManyError(error)] };
    throw error;
  } finally {
    over?.();
  }
}

/** The stream, which says when it is over, however it ends. */
function untilOver(source: AsyncIterable<ExecutionResult>, over: Release): AsyncIterableIterator<ExecutionResult> {
  const iterator = source[Symbol.asyncIterator]();
  return {
    async next() {
      try {
        const step = await iterator.next();
        if (step.done === true) over();
        return step;
      } catch (error) {
        over();
        throw error;
      }
    },
    async return() {
      over();
      await iterator.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function identityOf({ contextValue }: ExecutionArgs): Identity {
  return (contextValue as CallerContext).caller.identity;
}
