import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Resident memory of a process in MB, the smallest of what is seen in a second, so that a collection is waited for. */
export async function residentMb(pid: number): Promise<number> {
  const samples: number[] = [];
  for (let sample = 0; sample < 10; sample += 1) {
    const [, kb = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    samples.push(Number(kb) / 1024);
    await sleep(100);
  }
  return Math.round(Math.min(...samples));
}

/** Connections to a TCP port of this machine that its server has not closed. */
export function openConnections(port: number): number {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = readFileSync('/proc/net/tcp', 'utf8').split('\n');
  return rows.filter((row) => {
    const [, address = '', , state = ''] = row.trim().split(/\s+/);
    return address.endsWith(local) && openStates.has(state);
  }).length;
}

/** ESTABLISHED and CLOSE_WAIT. */
const openStates = new Set(['01', '08']);
