import type { EventIndex } from '../apc-model/event.ts';
import { lostRecord } from '../apc-model/lost-record.ts';

/** One event of the page that stands for `count` of the session's. */
interface Gap {
  at: EventIndex;
  count: number;
  timeNs: number;
}

/** What to ask of main for a range of the page's events: the gap that it begins with, or events up to the next one. */
export type Part = { gap: Uint8Array } | { from: EventIndex; count: number };

/** How the page's event indices and the session's differ: behind events that main could not send any more. */
export class MissedEvents {
  readonly #gaps: Gap[] = [];

  /** @param at the page's index of the event that stands for them, at `timeNs` */
  add(at: EventIndex, count: number, timeNs: number): void {
    this.#gaps.push({ at, count, timeNs });
  }

  /** The beginning of the page's events [from, from + count), under the session's indices. */
  part(from: EventIndex, count: number): Part {
    const gap = this.#gaps.find(({ at }) => at >= from);
    if (gap?.at === from) return { gap: lostRecord(gap.timeNs, gap.count) };
    const before = this.#gaps.filter(({ at }) => at < from);
    const shift = before.reduce((sum, one) => sum + one.count - 1, 0);
    return { from: from + shift, count: Math.min(count, (gap?.at ?? Number.POSITIVE_INFINITY) - from) };
  }
}
