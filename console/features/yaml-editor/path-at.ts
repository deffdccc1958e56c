/** A step of a path: a field or the place in a list. */
export type Step = string | number;

/** Where the cursor is in a text of YAML, by indentation; what is there need not be complete. */
export interface Place {
  /** Path of the mapping or value that the line belongs to. */
  readonly path: readonly Step[];
  /** Whether the cursor is where a key stands, or behind one, where a value does. */
  readonly at: 'key' | 'value';
}

const keyLine = /^(\s*)((?:- +)*)([\w./-]+|"[^"]*"):(?:\s|$)/;
const itemLine = /^(\s*)((?:- *)+)/;

interface Opened {
  readonly indent: number;
  readonly step: Step;
}

/** Where a position is, in the style that this console writes: block mappings and lists. */
export function placeAt(text: string, position: number): Place {
  const lines = text.slice(0, position).split('\n');
  const last = lines.pop() ?? '';
  const open: Opened[] = [];
  for (const line of lines) if (line.trim() !== '' && !line.trimStart().startsWith('#')) enter(open, line);
  const key = keyLine.exec(last);
  if (key !== null) {
    enter(open, last);
    return { path: open.map(({ step }) => step), at: 'value' };
  }
  const item = itemLine.exec(last);
  const indent = last.length - last.trimStart().length;
  if (item === null) {
    leave(open, indent);
    return { path: open.map(({ step }) => step), at: 'key' };
  }
  enterItems(open, indent, item[2] ?? '');
  return { path: open.map(({ step }) => step), at: 'key' };
}

/** Takes a line with a key into account: closes what it ends, opens what it begins. */
function enter(open: Opened[], line: string): void {
  const key = keyLine.exec(line);
  if (key === null) {
    const item = itemLine.exec(line);
    if (item !== null) enterItems(open, (item[1] ?? '').length, item[2] ?? '');
    return;
  }
  const [, space = '', dashes = '', name = ''] = key;
  if (dashes === '') leave(open, space.length);
  else enterItems(open, space.length, dashes);
  open.push({ indent: space.length + dashes.length, step: name.replaceAll('"', '') });
}

/** Takes the dashes of a line into account: the next item of a list, each. */
function enterItems(open: Opened[], indent: number, dashes: string): void {
  let at = indent;
  for (const dash of dashes.match(/- */g) ?? []) {
    // A list may stand as far left as the key it belongs to.
    while ((open.at(-1)?.indent ?? -1) > at) open.pop();
    const last = open.at(-1);
    if (last !== undefined && typeof last.step === 'number' && last.indent === at) {
      open.pop();
      open.push({ indent: at, step: last.step + 1 });
    } else open.push({ indent: at, step: 0 });
    at += Math.max(dash.length, 2);
  }
}

/** Closes what a line that begins here is no part of. */
function leave(open: Opened[], indent: number): void {
  while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
}
