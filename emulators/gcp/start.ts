import { createControlListener } from './control/control-listener.ts';
import type { EmulatorOptions } from './emulator.ts';
import { createEmulator } from './emulator.ts';
import { createApiListener } from './http/api-server.ts';
import type { Listening } from './http/listen.ts';
import { listen } from './http/listen.ts';

export interface GcpEmulatorOptions extends EmulatorOptions {
  readonly host: string;
  /** Where Google's APIs are served; 0 for a free port. */
  readonly port: number;
  /** Where the control API is served; 0 for a free port. */
  readonly controlPort: number;
}

export interface RunningGcpEmulator {
  /** Root URL of all APIs, such as `http://127.0.0.1:4010`. */
  readonly origin: string;
  /** Root URL of the control API, whose paths begin with `/_emu/`. */
  readonly controlOrigin: string;
  /** Stops serving at once, and keeps the state when there is a data directory. */
  close(): Promise<void>;
}

/**
 * Starts an emulator of Compute Engine, IAM, Secret Manager and Resource Manager in this process.
 * Rejects with an Error of one line when a port is taken or the data directory holds something else.
 */
export async function startGcpEmulator(options: GcpEmulatorOptions): Promise<RunningGcpEmulator> {
  const closing = new AbortController();
  const emulator = createEmulator(options);
  let api: Listening | undefined;
  try {
    api = await listen(options.host, options.port, createApiListener({ ...emulator, closing: closing.signal }));
    const control = await listen(options.host, options.controlPort, createControlListener(emulator));
    return { origin: api.origin, controlOrigin: control.origin, close: () => closeAll([api, control]) };
  } catch (error) {
    await closeAll([api]);
    throw error;
  }

  async function closeAll(servers: readonly (Listening | undefined)[]): Promise<void> {
    closing.abort();
    await Promise.all(servers.map((server) => server?.close()));
    emulator.close();
  }
}
