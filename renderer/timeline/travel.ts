import { feed, shownInstant } from '../lab.ts';
import { instantNs, stepFrom, type StepBy } from '../stepping.ts';
import { snapshots } from '../snapshot.ts';
import { followLive, pause, play, showInstant, useChoices } from '../store.ts';
import { keepInView } from './lane-view.ts';

/** Moves of the time cursor. Recording goes on whatever the cursor does. */

export function showAt(timeNs: number): void {
  const { trace } = feed;
  if (trace === undefined) return;
  const { liveNs } = shownInstant();
  const inSession = Math.max(0, Math.min(timeNs, liveNs));
  showInstant(inSession, trace.table.countAt(inSession));
}

export function stepBy(direction: 1 | -1, by: StepBy): void {
  const { trace } = feed;
  if (trace === undefined) return;
  let { table } = trace;
  let { count: from } = shownInstant();
  if (from < trace.firstIndex) {
    // The excerpt is walked whose instant the board shows; until that is there, nobody knows where a step leads.
    const { present } = snapshots;
    if (present === undefined || present.past !== 'here' || present.trace === trace) return;
    ({ table } = present.trace);
    from = present.at.count;
  }
  const count = stepFrom(table, from, direction, by);
  const timeNs = instantNs(table, count);
  showInstant(timeNs, count);
  keepInView(timeNs);
}

export function jumpTo(place: 'start'): void {
  if (place !== 'start' || feed.trace === undefined) return;
  showInstant(0, 0);
  keepInView(0);
}

/** Holds a live picture, plays a held one on, and starts an ended session from its beginning. */
export function togglePlay(): void {
  const { cursor, playing } = useChoices.getState();
  if (playing) {
    pause();
    return;
  }
  if (cursor.mode === 'at') {
    const { timeNs, liveNs } = shownInstant();
    if (timeNs >= liveNs) followLive();
    else play();
    return;
  }
  if (shownInstant().isMoving) holdNow();
  else {
    showInstant(0, 0);
    play();
  }
}

function holdNow(): void {
  const { timeNs, count } = shownInstant();
  showInstant(timeNs, count);
}
