import { useSyncExternalStore } from 'react';

export const themes = ['system', 'light', 'dark'] as const;
/** How the console looks; `system` follows the computer. */
export type Theme = (typeof themes)[number];

const key = 'datum-theme';
const listeners = new Set<() => void>();
const prefersDark = matchMedia('(prefers-color-scheme: dark)');
prefersDark.addEventListener('change', applyTheme);

function theme(): Theme {
  const stored = localStorage.getItem(key);
  return themes.find((each) => each === stored) ?? 'system';
}

/** Makes the page look as chosen. */
export function applyTheme(): void {
  const chosen = theme();
  document.documentElement.dataset['theme'] = chosen === 'system' ? (prefersDark.matches ? 'dark' : 'light') : chosen;
}

/** Chooses, for this browser. */
export function setTheme(next: Theme): void {
  localStorage.setItem(key, next);
  applyTheme();
  for (const listener of listeners) listener();
}

/** What is chosen. */
export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, theme);
}
