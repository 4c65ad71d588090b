/** Light or dark: the system's wish until the person says otherwise, which is then remembered. */
import { useSyncExternalStore } from 'react';
import { createStore } from './store.ts';

export type Theme = 'light' | 'dark';

const KEY = 'plimsoll.theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

const systemTheme = (): Theme => (dark.matches ? 'dark' : 'light');

/** Storage may be forbidden; the page then only forgets the choice. */
function remembered(): Theme | null {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : null;
  } catch {
    return null;
  }
}

function remember(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    return;
  }
}

const theme = createStore<Theme>(remembered() ?? systemTheme());

const show = (): void => {
  document.documentElement.dataset['theme'] = theme.get();
};

/** Called once, before the first drawing. */
export function startTheme(): void {
  show();
  // First of all listeners, so that whoever reads the colours next reads the new ones.
  theme.subscribe(show);
  dark.addEventListener('change', () => theme.update(() => remembered() ?? systemTheme()));
}

export function toggleTheme(): void {
  theme.update((current) => (current === 'dark' ? 'light' : 'dark'));
  remember(theme.get());
}

export const onThemeChange = theme.subscribe;

export const useTheme = (): Theme => useSyncExternalStore(theme.subscribe, theme.get);
