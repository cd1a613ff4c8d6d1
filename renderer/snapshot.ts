import { useSyncExternalStore } from 'react';
import type { SessionPhase, SiteLabel, Verdict } from '../apc-model/app-api.ts';
import type { ObjectAt, SessionAt, ThreadAt } from '../apc-model/thread-state.ts';
import type { Trace } from '../apc-model/trace.ts';

export interface BoardRow {
  thread: ThreadAt;
  /** At this instant the thread has not been made yet: `thread` tells only which one it will be. */
  isToCome: boolean;
  /** The same thread at the live end: what a hand can act on. */
  live: ThreadAt;
}

/** What React shows: one instant of one session. Replaced at most ten times a second. */
export interface Snapshot {
  session: number;
  /** Read it only up to `at.count`; it grows behind the snapshot. Before the session's horizon it is an excerpt. */
  trace: Trace;
  /** The session's own, from its horizon on. */
  whole: Trace;
  sites: readonly SiteLabel[];
  phase: SessionPhase;
  verdict: Verdict | undefined;
  /** The instant under the cursor. */
  at: SessionAt;
  /** A row for each thread of the live end, so that rows stay where they are while the cursor moves. */
  rows: readonly BoardRow[];
  /** The objects of the live end, so that they too stay where they are. */
  objects: readonly ObjectAt[];
  isLive: boolean;
  /** The live end moves on by itself. */
  isMoving: boolean;
  /** The live end. */
  liveNs: number;
  events: number;
  /** Events that have happened and are still on their way to the page. */
  eventsToCome: number;
  lostEvents: number;
  /** It is a saved trace, out of this file. */
  opened: { path: string } | null;
  /** How many lab threads have not ended at the live end. */
  threadsAlive: number;
  /**
   * The instant under the cursor lies before the horizon and is not here: `at` is still the one that was shown before, or
   * where that can't be, nothing of the session.
   */
  past: 'here' | 'loading' | 'unavailable';
  /** Events since the snapshot before this one, when time simply went on; undefined after a jump. */
  cameFrom: number | undefined;
}

/** Holds the present snapshot for useSyncExternalStore. */
export class SnapshotBox {
  #present: Snapshot | undefined;
  readonly #listeners = new Set<() => void>();

  get present(): Snapshot | undefined {
    return this.#present;
  }

  put(snapshot: Snapshot | undefined): void {
    this.#present = snapshot;
    for (const listener of this.#listeners) listener();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly get = (): Snapshot | undefined => this.#present;
}

export const snapshots = new SnapshotBox();

export const useSnapshot = (): Snapshot | undefined =>
  useSyncExternalStore(snapshots.subscribe, snapshots.get);

/** One part of the snapshot: the component renders only when that part is another. */
export function useSnapshotPart<Part>(pick: (snapshot: Snapshot | undefined) => Part): Part {
  return useSyncExternalStore(snapshots.subscribe, () => pick(snapshots.present));
}
