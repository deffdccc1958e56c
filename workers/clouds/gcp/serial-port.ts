import type { GcpClient } from './client.ts';

/** Text that a machine wrote, and the numbers of its first byte and of the one after its last. */
export interface SerialOutput {
  readonly text: string;
  readonly startBytes: number;
  readonly nextBytes: number;
}

/** What a machine wrote to its first serial port from a byte on, at most a megabyte; negative counts from the end. Throws GcpError. */
export async function serialOutput(
  { compute }: GcpClient,
  machine: { readonly account: string; readonly scope: string; readonly name: string },
  startBytes: number,
): Promise<SerialOutput> {
  const { account: project, scope, name: instance } = machine;
  const zone = scope.split('/')[1] ?? '';
  const { data } = await compute.instances.getSerialPortOutput({
    project,
    zone,
    instance,
    port: 1,
    start: `${startBytes}`,
    fields: 'contents,start,next',
  });
  return { text: data.contents ?? '', startBytes: Number(data.start ?? 0), nextBytes: Number(data.next ?? 0) };
}
