import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import type { ExecutionArgs } from 'graphql';
import { refusal } from '../errors.ts';
import type { Measures } from '../../access/limits/demand/measure.ts';
import { measuresOf } from '../../access/limits/demand/measures-of.ts';

/** A limit on what one operation may demand. */
export interface DemandLimit {
  readonly of: keyof Measures;
  readonly max: number;
  readonly code: string;
  /** `The query is too deep`. */
  readonly message: string;
}

/** Refuses an operation before it runs when it demands more than a limit allows. */
export function useDemandLimit({ of, max, code, message }: DemandLimit): GatewayPlugin {
  const check = (args: ExecutionArgs, stop: (result: { errors: unknown[] }) => void): void => {
    const measures = measuresOf(args);
    if (measures === undefined || measures[of] <= max) return;
    stop({ errors: [refusal(`${message}: ${measures[of]}, at most ${max}`, code)] });
  };
  return {
    onExecute: ({ args, setResultAndStopExecution }) =>
      check(args as ExecutionArgs, setResultAndStopExecution as never),
    onSubscribe: ({ args, setResultAndStopExecution }) =>
      check(args as ExecutionArgs, setResultAndStopExecution as never),
  };
}
