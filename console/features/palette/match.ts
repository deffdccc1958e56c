/** How well a text goes with what was typed: higher is better, 0 is not at all. Letters in order are enough. */
export function matchOf(text: string, typed: string): number {
  const [low, wanted] = [text.toLowerCase(), typed.trim().toLowerCase()];
  if (wanted === '') return 1;
  const at = low.indexOf(wanted);
  if (at === 0) return 4;
  if (at > 0) return /[\s/-]/.test(low.charAt(at - 1)) ? 3 : 2;
  let next = 0;
  for (const letter of low) if (letter === wanted.charAt(next)) next += 1;
  return next === wanted.length ? 1 : 0;
}
