import { useSyncExternalStore } from 'react';
import { useChoices } from '../store.ts';

/** A small window, or a large one at 200 %: the lanes keep a third of it whatever the user chose. */
const small = window.matchMedia('(max-width: 900px)');
const SMALL_HEADER_CSS = 208;
const SMALL_QUEUES_CSS = 232;

function subscribe(changed: () => void): () => void {
  small.addEventListener('change', changed);
  return () => small.removeEventListener('change', changed);
}

export function useColumnWidths(): { headerCss: number; queuesCss: number } {
  const headerCss = useChoices((choices) => choices.headerCss);
  const queuesCss = useChoices((choices) => choices.queuesCss);
  const isSmall = useSyncExternalStore(subscribe, () => small.matches);
  if (!isSmall) return { headerCss, queuesCss };
  return {
    headerCss: Math.min(headerCss, SMALL_HEADER_CSS),
    queuesCss: Math.min(queuesCss, SMALL_QUEUES_CSS),
  };
}
