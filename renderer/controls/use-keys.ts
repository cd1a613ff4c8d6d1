import { useEffect } from 'react';
import { queueUsual } from '../board/QueueApcAction.tsx';
import { snapshots } from '../snapshot.ts';
import { chooseCall, fitAll, followLive, select, showDialog, useChoices } from '../store.ts';
import { panByShare, zoomByKey } from '../timeline/lane-view.ts';
import { jumpTo, stepBy, togglePlay } from '../timeline/travel.ts';
import { newThread } from './new-thread.ts';

const PAN_SHARE = 0.15;
const ZOOM = 1.4;

/** Keys of the whole window. Whoever has the focus and knows the key better has it first. */
const ACTIONS: Readonly<Record<string, () => void>> = {
  ' ': togglePlay,
  ArrowLeft: () => stepBy(-1, 'event'),
  ArrowRight: () => stepBy(1, 'event'),
  'Shift+ArrowLeft': () => stepBy(-1, 'apc'),
  'Shift+ArrowRight': () => stepBy(1, 'apc'),
  Home: () => jumpTo('start'),
  End: followLive,
  l: followLive,
  f: fitAll,
  0: fitAll,
  w: () => zoomByKey(ZOOM),
  s: () => zoomByKey(1 / ZOOM),
  a: () => panByShare(PAN_SHARE),
  d: () => panByShare(-PAN_SHARE),
  n: () => void newThread(false),
  q: queueOnSelected,
  c: callOnSelected,
  ArrowUp: () => selectNeighbour(-1),
  ArrowDown: () => selectNeighbour(1),
  Escape: () => select(null),
  F1: () => showDialog('keys'),
  '?': () => showDialog('keys'),
  'Shift+?': () => showDialog('keys'),
  'Control+e': () => showDialog('export'),
};

export function useKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || isTaken(event)) return;
      const action = ACTIONS[nameOf(event)];
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

function nameOf(event: KeyboardEvent): string {
  const control = event.ctrlKey || event.metaKey ? 'Control+' : '';
  const shift = event.shiftKey ? 'Shift+' : '';
  const alt = event.altKey ? 'Alt+' : '';
  return control + alt + shift + (event.key.length === 1 ? event.key.toLowerCase() : event.key);
}

/** Typing, menus, dialogs and lists keep their keys, but F1, which nobody types; a focused button keeps Space and Enter. */
function isTaken(event: KeyboardEvent): boolean {
  const { target } = event;
  if (!(target instanceof Element)) return false;
  if (event.key === 'F1') return useChoices.getState().dialog !== 'none';
  if (
    target.closest(
      'input, textarea, select, [role="menu"], [role="dialog"], [role="listbox"], [role="combobox"], [role="tablist"], [role="separator"]',
    )
  )
    return true;
  return (event.key === ' ' || event.key === 'Enter') && target.closest('button, [role="slider"]') !== null;
}

function queueOnSelected(): void {
  const { selection } = useChoices.getState();
  const thread =
    selection?.thread ??
    snapshots.present?.at.threads.find((one) => !one.controller && one.activity !== 'ended')?.index;
  if (thread !== undefined) queueUsual(thread);
}

function callOnSelected(): void {
  const { selection } = useChoices.getState();
  const rows = snapshots.present?.phase === 'running' ? snapshots.present.rows : [];
  const able = rows.map(({ live }) => live).filter((one) => one.handDriven && one.activity !== 'ended');
  const thread = selection === null ? able[0] : able.find((one) => one.index === selection.thread);
  if (thread !== undefined) chooseCall(thread.index);
}

function selectNeighbour(direction: 1 | -1): void {
  const threads = (snapshots.present?.rows ?? [])
    .map((row) => row.thread)
    .filter((thread) => !thread.controller);
  if (threads.length === 0) return;
  const { selection } = useChoices.getState();
  const now = threads.findIndex((thread) => thread.index === selection?.thread);
  const next =
    now === -1
      ? direction === 1
        ? 0
        : threads.length - 1
      : Math.max(0, Math.min(threads.length - 1, now + direction));
  const thread = threads[next]!.index;
  select({ type: 'thread', thread });
  document.querySelector(`[data-thread="${thread}"]`)?.scrollIntoView({ block: 'nearest' });
}
