import { useSyncExternalStore } from 'react';
import { useChoices } from '../store.ts';

/** Below this the lanes need the room more; a click on its button still opens it. */
const roomy = window.matchMedia('(min-width: 1100px)');

function subscribe(changed: () => void): () => void {
  roomy.addEventListener('change', changed);
  return () => roomy.removeEventListener('change', changed);
}

export function useInspectorOpen(): boolean {
  const chosen = useChoices((choices) => choices.inspectorOpen);
  const isRoomy = useSyncExternalStore(subscribe, () => roomy.matches);
  return chosen ?? isRoomy;
}
