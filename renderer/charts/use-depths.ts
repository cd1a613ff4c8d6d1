import { useSyncExternalStore } from 'react';
import { snapshots } from '../snapshot.ts';
import { sampleDepths, type Depths } from './depths.ts';

const EVERY_MS = 250;

let sampled: Depths | undefined;
let sampledMs = Number.NEGATIVE_INFINITY;
let sampledOf: object | undefined;
let pending: number | undefined;

/** Drawing a chart costs tens of milliseconds: four times a second is enough, and the last state always comes through. */
function subscribe(changed: () => void): () => void {
  return snapshots.subscribe(() => {
    if (pending !== undefined) return;
    pending = window.setTimeout(
      () => {
        pending = undefined;
        changed();
      },
      Math.max(0, sampledMs + EVERY_MS - performance.now()),
    );
  });
}

function get(): Depths | undefined {
  const snapshot = snapshots.present;
  const nowMs = performance.now();
  if (snapshot === undefined) return undefined;
  const isStale =
    snapshot !== sampledOf && (nowMs - sampledMs >= EVERY_MS - 20 || snapshot.session !== sampled?.session);
  if (isStale) {
    sampledMs = nowMs;
    sampledOf = snapshot;
    const fresh = sampleDepths(snapshot.whole, snapshot.session, snapshot.liveNs);
    if (
      sampled === undefined ||
      fresh.session !== sampled.session ||
      fresh.endNs !== sampled.endNs ||
      fresh.revision !== sampled.revision
    )
      sampled = fresh;
  }
  return sampled;
}

export const useDepths = (): Depths | undefined => useSyncExternalStore(subscribe, get);
