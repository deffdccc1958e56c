import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
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

/** Sockets that a process holds open. */
export function openSockets(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).filter((fd) => isSocket(`/proc/${pid}/fd/${fd}`)).length;
}

function isSocket(path: string): boolean {
  try {
    return readlinkSync(path).startsWith('socket:');
  } catch {
    // Closed since it was listed.
    return false;
  }
}
