import type { ServerResponse } from 'node:http';
import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { followAnswer } from '../../access/limits/follow-answer.ts';
import type { RequestLimits } from '../../access/limits/request-limits.ts';
import { callerOf } from '../sessions.ts';

/** An answer is paid for by its size, and counted until its client has it; it is cut where too much waits. */
export function useAnswerSize(limits: RequestLimits): GatewayPlugin {
  return {
    onResponse({ request, response, serverContext }) {
      const identity = callerOf(request)?.identity;
      const { res } = serverContext as { readonly res?: ServerResponse };
      // Streams have none.
      const bytes = Number(response.headers.get('content-length') ?? 0);
      if (identity === undefined || res === undefined || bytes === 0) return;
      followAnswer(limits, identity, res, { bytes, waitingBytes: bytes, price: 'worked' });
    },
  };
}
