import { parseArgs } from 'node:util';
import type { ClockMode } from './core/clock.ts';
import type { LatencyProfile } from './core/world.ts';
import { startGcpEmulator } from './start.ts';

const USAGE = `The GCP emulator on its own.

  node emulators/gcp/main.ts [--host 127.0.0.1] [--port 4010] [--control-port 4011] [--data-dir DIR]
    [--latency none|short|real] [--clock real|manual|N] [--check] [--seed N]

--clock N lets virtual time pass N times as fast.`;

const { values } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '4010' },
    'control-port': { type: 'string', default: '4011' },
    'data-dir': { type: 'string' },
    latency: { type: 'string', default: 'short' },
    clock: { type: 'string', default: 'real' },
    check: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(USAGE);
else await run();

async function run(): Promise<void> {
  try {
    const running = await startGcpEmulator({
      host: values.host,
      port: numberOf('port', values.port),
      controlPort: numberOf('control-port', values['control-port']),
      latency: latencyOf(values.latency),
      clock: clockOf(values.clock),
      check: values.check,
      seed: numberOf('seed', values.seed),
      ...(values['data-dir'] === undefined ? {} : { dataDir: values['data-dir'] }),
    });
    console.log(`GCP emulator at ${running.origin}, control API at ${running.controlOrigin}/_emu/`);
    const stop = () => void running.close().then(() => process.exit(0));
    process.once('SIGINT', stop).once('SIGTERM', stop);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

function numberOf(flag: string, text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new Error(`--${flag} must be a number, not '${text}'`);
  return Number(text);
}

function latencyOf(text: string): LatencyProfile {
  if (text === 'none' || text === 'short' || text === 'real') return text;
  throw new Error(`--latency must be none, short or real, not '${text}'`);
}

function clockOf(text: string): ClockMode {
  return text === 'real' || text === 'manual' ? text : { scale: numberOf('clock', text) };
}
