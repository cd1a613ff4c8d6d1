import { webDarkTheme, webLightTheme, type Theme } from '@fluentui/react-components';
import { useSyncExternalStore } from 'react';
import type { PictureColours } from '../../apc-model/app-api.ts';
import { useChoices } from '../store.ts';

const FONT = "'Segoe UI Variable Text', 'Segoe UI', Inter, system-ui, sans-serif";

export const THEMES: Readonly<Record<PictureColours, Theme>> = {
  light: { ...webLightTheme, fontFamilyBase: FONT },
  dark: { ...webDarkTheme, fontFamilyBase: FONT },
};

const darkQuery = window.matchMedia('(prefers-color-scheme: dark)');

function subscribe(changed: () => void): () => void {
  darkQuery.addEventListener('change', changed);
  return () => darkQuery.removeEventListener('change', changed);
}

/** The colours in use: the user's choice, or the system's. */
export function useColours(): PictureColours {
  const appearance = useChoices((choices) => choices.appearance);
  const systemIsDark = useSyncExternalStore(subscribe, () => darkQuery.matches);
  return appearance === 'system' ? (systemIsDark ? 'dark' : 'light') : appearance;
}
