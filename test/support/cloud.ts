import type { Ready } from '../../cli/ready-file.ts';

type Body = Record<string, any>;

/** What an emulator holds, by type and path. */
export interface CloudState {
  readonly counts: Readonly<Record<string, number>>;
  readonly objects: Readonly<Record<string, Readonly<Record<string, Body>>>>;
}

type Control = Pick<Ready, 'gcpControl'>;

/** All objects of the emulator. */
export async function cloudState({ gcpControl }: Control): Promise<CloudState> {
  return (await (await fetch(`${gcpControl}/_emu/state`)).json()) as CloudState;
}

/** Makes some requests go wrong; see emulators/gcp/faults/rule.ts. */
export async function addFault({ gcpControl }: Control, rule: Body): Promise<void> {
  const response = await fetch(`${gcpControl}/_emu/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(rule),
  });
  if (!response.ok) throw new Error(await response.text());
}

export async function clearFaults({ gcpControl }: Control): Promise<void> {
  await fetch(`${gcpControl}/_emu/faults`, { method: 'DELETE' });
}

/** Answers that were not what Google's schema allows. */
export async function schemaViolations({ gcpControl }: Control): Promise<unknown[]> {
  return ((await (await fetch(`${gcpControl}/_emu/schema-violations`)).json()) as { violations: unknown[] }).violations;
}

/** Objects of one type. */
export function objectsOf(state: CloudState, type: string): Body[] {
  return Object.values(state.objects[type] ?? {});
}

export function isEmpty({ counts }: CloudState): boolean {
  return Object.values(counts).every((count) => count === 0);
}
