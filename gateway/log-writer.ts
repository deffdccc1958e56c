import type { LogWriter } from '@graphql-hive/gateway-runtime';
import type { Logger } from 'pino';

/** Sends the gateway library's log to ours. */
export function pinoWriter(log: Logger): LogWriter {
  return {
    write(level, attributes, message) {
      log[level](attributes ?? {}, message ?? '');
    },
  };
}
