import { flushSync } from 'react-dom';
import { Call, INFINITE, isWait, type EventIndex } from '../apc-model/event.ts';
import { CHUNK_ROWS } from '../apc-model/event-table.ts';
import type { SessionAt, ThreadAt } from '../apc-model/thread-state.ts';
import type { Trace } from '../apc-model/trace.ts';
import { ask } from './commands.ts';
import { CREEPING, FrameLoop, STILL, type Pace } from './frame.ts';
import { LiveFeed } from './live-feed.ts';
import { useExportProgress } from './export-progress.ts';
import { notify } from './notices.ts';
import { interruptedSessions } from './interrupted.ts';
import { PastEvents, type RangeSource } from './past-events.ts';
import { rowsOf } from './board/rows.ts';
import { snapshots, type Snapshot } from './snapshot.ts';
import { followLive, forgetSession, playOn, useChoices } from './store.ts';

/** The page's parts joined: what main streams, what the user chose, and the loop that shows both. */

export const feed = new LiveFeed(
  {
    sessionBegan: forgetSession,
    hasFirstEvents: () => frames.publishSoon(),
    changed: () => frames.invalidate(),
    notice: notify,
    settingsChanged: (settings) => useChoices.setState(settings),
    exporting: (progress) => useExportProgress.setState({ progress }),
    interrupted: (sessions) => interruptedSessions.setState({ sessions }),
  },
  {
    nowMs: () => performance.now(),
    later: (run) => void scheduler.postTask(run),
    // With more to take in than there is time, half of the time is for the picture.
    turnMs: () => Math.min(MOST_TURN_MS, Math.max(LEAST_TURN_MS, frames.costMs)),
  },
);

const LEAST_TURN_MS = 8;
/** A frame that took long, as the first of all does, is no reason to let the next one wait as long. */
const MOST_TURN_MS = 33;

/** What the page has forgotten, main reads back from the recording. */
const recording: RangeSource = {
  fetch: async (from, count) => {
    const part = feed.missed.part(from, count);
    if ('gap' in part) return { first: from, records: part.gap, text: new Uint8Array(0) };
    const range = await ask({ type: 'fetchEvents', session: feed.session, ...part });
    return range === undefined || range.events === 0 ? undefined : { ...range, first: from };
  },
};

/** What the page has forgotten of the session: where the lanes show it, and where the cursor stands. */
export const pastInLanes = new PastEvents(recording, () => frames.invalidate());
const pastAtCursor = new PastEvents(recording, () => frames.invalidate());

const painters = new Set<() => void>();

export const frames = new FrameLoop(
  {
    requestFrame: (run) => void requestAnimationFrame(run),
    setTimer: (run, afterMs) => window.setTimeout(run, afterMs),
    clearTimer: (timer) => window.clearTimeout(timer),
    nowMs: () => performance.now(),
  },
  {
    paint: () => {
      advanceReplay();
      for (const painter of painters) painter();
    },
    // At once, so that its cost is known and the canvases find the rows in their places.
    publish: () => flushSync(() => snapshots.put(takeSnapshot(snapshots.present))),
    pace,
    idle: (isIdle) => (document.documentElement.dataset['idle'] = String(isIdle)),
  },
);

useChoices.subscribe(() => frames.invalidate());

/** Calls `paint` in every frame in which a canvas is stale. @returns how to stop that */
export function onPaint(paint: () => void): () => void {
  painters.add(paint);
  frames.invalidatePaint();
  return () => painters.delete(paint);
}

/** A page may look at a live end that has no event yet: a sleeping thread's clock goes on, an ended session's does not. */
export interface Instant {
  timeNs: number;
  count: number;
  liveNs: number;
  isLive: boolean;
  /** The live end moves on by itself: some thread lives. */
  isMoving: boolean;
}

export function shownInstant(): Instant {
  const { trace } = feed;
  if (trace === undefined) return { timeNs: 0, count: 0, liveNs: 0, isLive: true, isMoving: false };
  const liveNs = endOfTime();
  const isMoving = hasLife();
  const { cursor } = useChoices.getState();
  return cursor.mode === 'live'
    ? { timeNs: liveNs, count: trace.table.length, liveNs, isLive: true, isMoving }
    : { timeNs: cursor.timeNs, count: cursor.count, liveNs, isLive: false, isMoving };
}

let liveEnd: { session: number; revision: number; at: SessionAt } | undefined;

function stateAtLiveEnd(): SessionAt | undefined {
  const { trace, session } = feed;
  if (trace === undefined) return undefined;
  if (liveEnd?.session !== session || liveEnd.revision !== trace.revision) {
    liveEnd = { session, revision: trace.revision, at: trace.history.atCount(trace.table.length) };
  }
  return liveEnd.at;
}

const isAlive = (thread: ThreadAt): boolean => thread.activity !== 'ended';

const hasLife = (): boolean => feed.phase !== 'ended' && stateAtLiveEnd()?.threads.some(isAlive) === true;

function endOfTime(): number {
  const endNs = feed.trace?.table.endNs ?? 0;
  return hasLife() ? Math.max(endNs, feed.clock.nowNs) : endNs;
}

const isRunning = ({ activity }: ThreadAt): boolean => activity === 'running' || activity === 'runningApc';

/** A thread that waits without a time limit changes nothing but the clock. */
function standsStill(thread: ThreadAt): boolean {
  const top = thread.frames.at(-1);
  if (isRunning(thread)) return false;
  if (thread.activity !== 'wait' && thread.activity !== 'alertableWait') return true;
  if (top?.type !== 'call' || !isWait(top.call)) return false;
  return top.amount === INFINITE || top.call === Call.awaitState || thread.controller;
}

const WAITING_MS = 33;
/** With nothing but endless waits only the clock goes on: a little, then hardly. */
const DORMANT_MS = 1000;
const DORMANT_AFTER_NS = 10e9;

function pace(): Pace {
  const { cursor, playing } = useChoices.getState();
  if (playing) return 0;
  if (cursor.mode === 'at' || feed.phase === 'ended' || feed.trace === undefined) return STILL;
  const alive = stateAtLiveEnd()?.threads.filter(isAlive) ?? [];
  if (alive.length === 0) return STILL;
  if (alive.every(standsStill)) {
    return endOfTime() - feed.trace.table.endNs > DORMANT_AFTER_NS ? DORMANT_MS : CREEPING;
  }
  return alive.some(isRunning) ? 0 : WAITING_MS;
}

let replayedMs: number | undefined;

function advanceReplay(): void {
  const { cursor, playing, speed } = useChoices.getState();
  const nowMs = performance.now();
  const sinceMs = replayedMs === undefined ? 0 : nowMs - replayedMs;
  replayedMs = playing ? nowMs : undefined;
  if (!playing || cursor.mode !== 'at' || feed.trace === undefined) return;
  const timeNs = cursor.timeNs + sinceMs * 1e6 * speed;
  if (timeNs >= endOfTime()) followLive();
  else playOn(timeNs, feed.trace.table.countAt(timeNs));
}

/** The trace that knows an instant: the session's own, or before its horizon an excerpt, once that is there. */
function traceAt(trace: Trace, count: EventIndex): Trace | Exclude<Snapshot['past'], 'here'> {
  if (count >= trace.firstIndex) return trace;
  const look = pastAtCursor.lookAt(trace, count);
  if (look.state === 'here') return look.excerpt;
  return look.state === 'loading' ? 'loading' : 'unavailable';
}

/** Before the horizon the session's trace knows counts to the chunk only: in an excerpt the time tells the rest. */
const stateAt = (shown: Trace, count: EventIndex, timeNs: number): SessionAt =>
  shown !== feed.trace && count % CHUNK_ROWS === 0
    ? shown.history.at(timeNs)
    : shown.history.atCount(count, timeNs);

/** Forward moves of at most this many events are shown as motion; longer ones are jumps. */
const MOTION_EVENTS = 512;

function takeSnapshot(before: Snapshot | undefined): Snapshot | undefined {
  const { trace, session, sites, phase, verdict } = feed;
  if (trace === undefined) return undefined;
  const { timeNs, count, liveNs, isLive, isMoving } = shownInstant();
  const live = stateAtLiveEnd()!;
  const found = traceAt(trace, count);
  const isHere = typeof found !== 'string';
  // Until what lies before the horizon is there, the board keeps what it showed, and says that it does.
  const kept = before?.session === session ? before : undefined;
  const shown = isHere ? found : (kept?.trace ?? trace);
  const at = !isHere && kept !== undefined ? kept.at : stateAt(shown, count, timeNs);
  const gained = isHere && kept?.trace === shown ? at.count - kept.at.count : -1;
  return {
    session,
    trace: shown,
    whole: trace,
    sites,
    phase,
    verdict,
    at,
    rows: rowsOf(live, at),
    objects: live.objects,
    isLive,
    isMoving,
    liveNs,
    events: trace.table.length,
    eventsToCome: feed.toCome,
    // Main knows of a loss before the thread's own trace does.
    lostEvents: Math.max(live.lostEvents, feed.lost),
    opened: feed.opened,
    threadsAlive: live.threads.filter((thread) => isAlive(thread) && !thread.controller).length,
    past: isHere ? 'here' : found,
    cameFrom: gained >= 0 && gained <= MOTION_EVENTS ? kept!.at.count : undefined,
  };
}
