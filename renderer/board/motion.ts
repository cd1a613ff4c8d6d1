import { Kind, type ApcId } from '../../apc-model/event.ts';
import type { Snapshot } from '../snapshot.ts';

/**
 * Chips move because an event moved them, and for no other reason:
 *
 *     queued     the chip comes in at the queue's end
 *     delivered  the head goes through the gate into the slot, and the others move up
 *     lost       the chip sinks
 *
 * After each snapshot every chip's place is compared with where it was. What came and went between two snapshots flies
 * as a copy through an opened gate, so that nothing passes unseen; at rates too fast for eyes nothing flies.
 */
const MOVE_MS = 260;
const STAGGER_MS = 70;
const MOST_FLIGHTS = 6;
const MOST_CHIPS_IN_MOTION = 200;
/** After a jump the chips are looked at when no other has come for so long. */
const SETTLED_MS = 150;
const EASE = 'cubic-bezier(0.2, 0, 0, 1)';

interface Place {
  xCss: number;
  yCss: number;
  state: string;
}

const calm = window.matchMedia('(prefers-reduced-motion: reduce)');
/** Where each chip was; undefined while nobody has looked since a jump. */
let places: Map<string, Place> | undefined;
let lookAgain: number | undefined;

export function moveChips(content: HTMLElement, snapshot: Snapshot): void {
  window.clearTimeout(lookAgain);
  const before = places;
  const mayMove = snapshot.cameFrom !== undefined && before !== undefined;
  places = undefined;
  if (calm.matches) return;
  // To look makes the browser lay out at once: in a flood of jumps nobody does.
  if (mayMove) places = placeChips(content, snapshot, before);
  else lookAgain = window.setTimeout(() => (places = placeChips(content, snapshot)), SETTLED_MS);
}

/** @param before where chips may move from; else they are only looked at */
function placeChips(
  content: HTMLElement,
  snapshot: Snapshot,
  before?: ReadonlyMap<string, Place>,
): Map<string, Place> | undefined {
  const chips = [...content.querySelectorAll<HTMLElement>('[data-apc]')];
  if (chips.length > MOST_CHIPS_IN_MOTION) return undefined;
  const places = new Map<string, Place>();
  const origin = content.getBoundingClientRect();
  for (const chip of chips) {
    const box = chip.getBoundingClientRect();
    // A chip that is still on its way is measured where it is going.
    const place = { ...restingPlace(chip, box, origin), state: chip.dataset['state'] ?? '' };
    const apc = chip.dataset['apc']!;
    places.set(apc, place);
    if (before !== undefined) animateTo(chip, before.get(apc), place);
  }
  if (before !== undefined) flyPassedBy(content, origin, snapshot, before, places);
  return places;
}

function restingPlace(chip: HTMLElement, box: DOMRect, origin: DOMRect): { xCss: number; yCss: number } {
  const moved = new DOMMatrixReadOnly(getComputedStyle(chip).transform);
  return { xCss: box.left - origin.left - moved.m41, yCss: box.top - origin.top - moved.m42 };
}

function animateTo(chip: HTMLElement, from: Place | undefined, to: Place): void {
  if (from === undefined) {
    if (to.state === 'lost' || to.state === 'running') return;
    chip.animate(
      [
        { opacity: 0, transform: 'translateX(-20px)' },
        { opacity: 1, transform: 'none' },
      ],
      { duration: MOVE_MS, easing: EASE },
    );
    return;
  }
  const dx = from.xCss - to.xCss;
  const dy = from.yCss - to.yCss;
  if (to.state === 'lost' && from.state !== 'lost') {
    chip.animate([{ transform: `translate(${dx}px, ${dy - 8}px)` }, { transform: 'none' }], {
      duration: MOVE_MS * 2,
      easing: 'ease-in',
    });
  } else if (Math.abs(dx) > 0.5 || Math.abs(dy) > 0.5) {
    chip.animate([{ transform: `translate(${dx}px, ${dy}px)` }, { transform: 'none' }], {
      duration: MOVE_MS,
      easing: EASE,
    });
  }
}

/** Copies of the chips that were delivered since the last snapshot and are not in the slot any more. */
function flyPassedBy(
  content: HTMLElement,
  origin: DOMRect,
  snapshot: Snapshot,
  before: ReadonlyMap<string, Place>,
  places: ReadonlyMap<string, Place>,
): void {
  const { table } = snapshot.trace;
  const passed: { apc: ApcId; thread: number }[] = [];
  for (let index = snapshot.cameFrom!; index < snapshot.at.count; index++) {
    if (table.kind(index) !== Kind.apcBegan || places.has(String(table.subject(index)))) continue;
    passed.push({ apc: table.subject(index), thread: table.thread(index) });
  }
  if (passed.length > MOST_FLIGHTS) return;
  for (const thread of new Set(passed.map((one) => one.thread))) {
    const gate = content.querySelector<HTMLElement>(`[data-thread="${thread}"] .gate`);
    if (gate !== null) openFor(gate, MOVE_MS * 2 + passed.length * STAGGER_MS);
  }
  passed.forEach(({ apc, thread }, order) => {
    const row = content.querySelector<HTMLElement>(`[data-thread="${thread}"]`);
    const slot = row?.querySelector('.slot')?.getBoundingClientRect();
    const queue = row?.querySelector('.queue-line')?.getBoundingClientRect();
    if (slot === undefined || queue === undefined) return;
    const from = before.get(String(apc)) ?? {
      xCss: queue.right - origin.left - 50,
      yCss: slot.top - origin.top,
    };
    fly(
      content,
      String(apc),
      from,
      { xCss: slot.left - origin.left, yCss: slot.top - origin.top },
      order * STAGGER_MS,
    );
  });
}

function openFor(gate: HTMLElement, ms: number): void {
  gate.dataset['passing'] = '';
  const passing = gate.animate([], { duration: ms });
  void passing.finished.finally(() => {
    if (!gate.getAnimations().some((one) => one !== passing && one.playState === 'running'))
      delete gate.dataset['passing'];
  });
}

function fly(
  content: HTMLElement,
  label: string,
  from: { xCss: number; yCss: number },
  to: { xCss: number; yCss: number },
  delay: number,
): void {
  const copy = document.createElement('div');
  copy.className = 'chip chip-flying';
  copy.dataset['state'] = 'running';
  copy.setAttribute('aria-hidden', 'true');
  copy.textContent = label;
  content.append(copy);
  const at = (place: { xCss: number; yCss: number }): string => `translate(${place.xCss}px, ${place.yCss}px)`;
  const flight = copy.animate(
    [
      { transform: at(from), opacity: 1 },
      { transform: at(to), opacity: 1, offset: 0.6 },
      { transform: at(to), opacity: 1, offset: 0.85 },
      { transform: at(to), opacity: 0 },
    ],
    { duration: MOVE_MS * 2, delay, easing: EASE, fill: 'both' },
  );
  void flight.finished.finally(() => copy.remove());
}
