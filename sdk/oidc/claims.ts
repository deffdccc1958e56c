/** What a signed token says, without proof: that is for the server. Nothing for one that is opaque. */
export function claimsIn(token: string): Readonly<Record<string, unknown>> {
  try {
    const text = atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** When a token ends, in ms since 1970: as it says itself, else as its provider said; undefined where neither does. */
export function endOf(token: string, expiresInSecs: number | undefined): number | undefined {
  const { exp } = claimsIn(token);
  if (typeof exp === 'number') return exp * 1_000;
  return expiresInSecs === undefined ? undefined : Date.now() + expiresInSecs * 1_000;
}
