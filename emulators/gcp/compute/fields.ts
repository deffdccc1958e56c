/** The names of fields, written with spaces between them; with `of`, as members of that field. */
export function fields(names: string, of?: string): readonly string[] {
  const list = names.split(' ');
  return of === undefined ? list : list.map((name) => `${of}.${name}`);
}
