/** Lines that both texts have around those that differ. */
const context = 3;

type Edit = { readonly sign: ' ' | '-' | '+'; readonly line: string };

/** What is different in two texts, as `diff -u` says it, without its head; empty when they are the same. */
export function lineDiff(before: string, after: string): string {
  const edits = editsBetween(before.split('\n'), after.split('\n'));
  const changed = edits.flatMap(({ sign }, at) => (sign === ' ' ? [] : [at]));
  const hunks: [number, number][] = [];
  for (const at of changed) {
    const last = hunks.at(-1);
    if (last !== undefined && at - context <= last[1]) last[1] = at + context + 1;
    else hunks.push([Math.max(0, at - context), at + context + 1]);
  }
  return hunks.map(([from, to]) => hunkOf(edits, from, Math.min(to, edits.length))).join('\n');
}

function hunkOf(edits: readonly Edit[], from: number, to: number): string {
  const count = (part: readonly Edit[], without: Edit['sign']): number =>
    part.filter(({ sign }) => sign !== without).length;
  const [head, part] = [edits.slice(0, from), edits.slice(from, to)];
  const range = (without: '+' | '-'): string => `${count(head, without) + 1},${count(part, without)}`;
  return [`@@ -${range('+')} +${range('-')} @@`, ...part.map(({ sign, line }) => `${sign}${line}`)].join('\n');
}

/** The edits that make one list of lines from another, by their longest common subsequence. */
function editsBetween(before: readonly string[], after: readonly string[]): Edit[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end))
    end += 1;
  const keep = (line: string): Edit => ({ sign: ' ', line });
  return [
    ...before.slice(0, start).map(keep),
    ...middle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(keep),
  ];
}

function middle(before: readonly string[], after: readonly string[]): Edit[] {
  // lengths[i][j]: of the longest common subsequence of what is behind line i of one and line j of the other.
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    const row = lengths[i]!; // As many rows as lines, and one more.
    for (let j = after.length - 1; j >= 0; j -= 1)
      row[j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const edits: Edit[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old = '', fresh = ''] = [before[i], after[j]];
    if (i < before.length && j < after.length && old === fresh) {
      edits.push({ sign: ' ', line: old });
      i += 1;
      j += 1;
    } else if (i < before.length && (j >= after.length || at(i + 1, j) >= at(i, j + 1))) {
      edits.push({ sign: '-', line: old });
      i += 1;
    } else {
      edits.push({ sign: '+', line: fresh });
      j += 1;
    }
  }
  return edits;
}
