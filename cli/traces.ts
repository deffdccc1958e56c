import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { exportSpans } from '../telemetry/tracing/export-spans.ts';
import { setTracing } from '../telemetry/tracing/span.ts';

type Settings = Pick<
  Config,
  | 'OTEL_EXPORTER_OTLP_ENDPOINT'
  | 'OTEL_EXPORTER_OTLP_HEADERS'
  | 'OTEL_SERVICE_NAME'
  | 'DATUM_TRACE_RATIO'
  | 'DATUM_ROLES'
>;

/** Sends traces where the configuration says; without that nothing is traced. */
export function startTraces(config: Settings, logger: Logger, started: AsyncDisposableStack): void {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, DATUM_TRACE_RATIO: ratio } = config;
  if (endpoint === undefined) return;
  const spans = exportSpans({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers: config.OTEL_EXPORTER_OTLP_HEADERS,
    service: {
      'service.name': config.OTEL_SERVICE_NAME,
      'service.instance.id': `${hostname()}:${process.pid}`,
      'datum.roles': config.DATUM_ROLES.join(','),
    },
    onTrouble: (err, dropped) => logger.warn({ err, dropped }, 'traces could not be sent'),
  });
  setTracing({ ratio, onEnd: spans.add });
  started.defer(async () => {
    setTracing(undefined);
    await spans.close();
  });
}
