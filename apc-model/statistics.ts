import { Kind, type ApcId, type EventIndex, type ThreadIndex } from './event.ts';
import type { ApcTable } from './apc-table.ts';
import type { EventChunk } from './event-chunk.ts';
import type { EventTable } from './event-table.ts';
import { LogHistogram } from './log-histogram.ts';
import type { SpanTable } from './span-table.ts';
import { ACTIVITIES, type Activity, type ActivityIndex } from './thread-state.ts';
import { ThreadMap } from './thread-map.ts';
import { CountSeries, PeakSeries } from './time-series.ts';

/** What a thread's time is divided into: every activity but `ended`, which is the last of them. */
export const TIMED_ACTIVITIES = ACTIVITIES.slice(0, -1) as TimedActivity[];
export type TimedActivity = Exclude<Activity, 'ended'>;
const ENDED: ActivityIndex = TIMED_ACTIVITIES.length;
const NOT_STARTED: ActivityIndex = 0;

/** More gaps than this are only counted. */
export const MOST_GAPS = 1024;

/**
 * The three parts of the way of each delivered APC, in nanoseconds of the session's clock.
 *
 *     apcQueueing            the call in which it runs begins     apcBegan          apcEnded
 *     or a timer's apcQueued
 *     |-------- waiting --------|-------------- delivery --------------|------- run -------|
 *
 * *waiting*: until its thread became alertable, which is when the call in which the APC runs began; of an APC that runs
 * before its thread's routine, when the thread started. 0 where the thread was alertable already, and of a special APC,
 * which needs no alertable wait.
 * *delivery*: from then, or from its queuing if that was later, to apcBegan. What ran before it in the same call is in
 * it, and the time for which the thread was suspended in that call.
 * *run*: from apcBegan to apcEnded, APCs nested in it included.
 *
 * An APC whose queuing no event tells (a timer's or an I/O's on `win32`) has a run only.
 */
export interface Latency {
  waiting: LogHistogram;
  delivery: LogHistogram;
  run: LogHistogram;
}

const noLatency = (): Latency => ({
  waiting: new LogHistogram(),
  delivery: new LogHistogram(),
  run: new LogHistogram(),
});

/** What happened over time, of one thread or of all together. */
export class Rates {
  /** APCs that began (apcBegan). */
  readonly delivered = new CountSeries();
  /** How many APCs stood in the queues (see QueueDepths): the peak of each bucket. */
  readonly depth = new PeakSeries();
  /** How many do now. */
  queued = 0;
}

/** One thread's. */
export class ThreadTally extends Rates {
  readonly latency = noLatency();
  /** Nanoseconds spent in each of TIMED_ACTIVITIES so far, without the present stretch. */
  readonly stateNs = new Float64Array(TIMED_ACTIVITIES.length);
  activity: ActivityIndex = NOT_STARTED;
  /** When that began; NaN until the thread is first told of. A number always, so that writing it allocates nothing. */
  sinceNs = Number.NaN;
}

/** Events are missing: a ring was full. */
export interface EventGap {
  thread: ThreadIndex;
  /** The `lost` event that tells it: the events are missing before it. */
  event: EventIndex;
  timeNs: number;
  lost: number;
}

/**
 * What a session amounts to, kept as events arrive, in memory that depends on the number of its threads only. Sources are
 * the events alone, as everywhere; times are those of the session's clock, across threads its running maximum.
 */
export class Statistics {
  /** All threads together. */
  readonly all = new Rates();
  /** The first MOST_GAPS of them. */
  readonly gaps: EventGap[] = [];
  gapCount = 0;
  lostEvents = 0;
  readonly #threads = new ThreadMap<ThreadTally>();
  readonly #table: EventTable;
  readonly #apcs: ApcTable;
  readonly #spans: SpanTable;
  #nowNs = 0;

  /** The tables have always taken an event before this. */
  constructor(table: EventTable, apcs: ApcTable, spans: SpanTable) {
    this.#table = table;
    this.#apcs = apcs;
    this.#spans = spans;
  }

  /** Of one thread; undefined where nothing is known of it. */
  thread(thread: ThreadIndex): ThreadTally | undefined {
    return this.#threads.get(thread);
  }

  get threads(): Iterable<[ThreadIndex, ThreadTally]> {
    return this.#threads;
  }

  /** The latencies of all delivered APCs, summed up for this call. */
  latency(): Latency {
    const all = noLatency();
    for (const { latency } of this.#threads.values())
      for (const part of ['waiting', 'delivery', 'run'] as const) all[part].merge(latency[part]);
    return all;
  }

  /**
   * The time that a thread (undefined: all together) spent in each state until `nowNs`, in nanoseconds, the present stretch
   * included. Of one thread they add up to its life: from threadCreated (or whatever told of it first) to threadEnded or
   * `nowNs`.
   */
  statesNs(nowNs: number, thread?: ThreadIndex): Record<TimedActivity, number> {
    const sums = new Float64Array(TIMED_ACTIVITIES.length);
    for (const [index, { stateNs, activity, sinceNs }] of this.#threads) {
      if (thread !== undefined && index !== thread) continue;
      stateNs.forEach((timeNs, state) => (sums[state]! += timeNs));
      if (activity !== ENDED && nowNs > sinceNs) sums[activity]! += nowNs - sinceNs;
    }
    const named = TIMED_ACTIVITIES.map((activity, state) => [activity, sums[state]!] as const);
    return Object.fromEntries(named) as Record<TimedActivity, number>;
  }

  /** Takes in the next event. */
  take(index: EventIndex, kind: number, chunk: EventChunk, row: number): void {
    const timeNs = chunk.timeNs(row);
    if (timeNs > this.#nowNs) this.#nowNs = timeNs;
    if (kind === Kind.apcBegan) this.#began(index, chunk.thread[row]!, chunk.subject[row]!, timeNs);
    else if (kind === Kind.apcEnded) this.#ended(chunk.thread[row]!, chunk.subject[row]!, timeNs);
    else if (kind === Kind.lost) this.#lost(index, chunk.thread[row]!, chunk.valueLow[row]!, timeNs);
  }

  /** A thread's queues hold this many from the last taken event on. */
  depthChanged(thread: ThreadIndex, depth: number): void {
    const own = this.#of(thread);
    this.all.queued += depth - own.queued;
    own.queued = depth;
    own.depth.change(this.#nowNs, depth);
    this.all.depth.change(this.#nowNs, this.all.queued);
  }

  /** threadCreated: its life begins. */
  created(thread: ThreadIndex, timeNs: number): void {
    const own = this.#of(thread);
    if (Number.isNaN(own.sinceNs)) own.sinceNs = timeNs;
  }

  /** A thread's state is this from `timeNs` on. Clocks of two threads may differ by a hair: no stretch is negative. */
  activityChanged(thread: ThreadIndex, activity: ActivityIndex, timeNs: number): void {
    const own = this.#of(thread);
    const { sinceNs } = own;
    const untilNs = timeNs < sinceNs ? sinceNs : timeNs;
    if (untilNs > sinceNs && own.activity !== ENDED) own.stateNs[own.activity]! += untilNs - sinceNs;
    own.activity = activity;
    own.sinceNs = untilNs;
  }

  #of(thread: ThreadIndex): ThreadTally {
    let own = this.#threads.near(thread);
    if (own === undefined) this.#threads.set(thread, (own = new ThreadTally()));
    return own;
  }

  #began(index: EventIndex, thread: ThreadIndex, apc: ApcId, beganNs: number): void {
    const own = this.#of(thread);
    own.delivered.add(this.#nowNs);
    this.all.delivered.add(this.#nowNs);
    const queuing = this.#apcs.isArmed(apc) ? this.#apcs.answer(apc) : this.#apcs.arrival(apc);
    if (queuing === undefined || queuing > index) return;
    const queuedNs = this.#table.timeNs(queuing);
    const alertableNs = this.#apcs.isSpecial(apc) ? queuedNs : this.#alertableSinceNs(thread);
    const readyNs = Math.max(queuedNs, alertableNs ?? queuedNs);
    own.latency.waiting.record(readyNs - queuedNs);
    own.latency.delivery.record(Math.max(0, beganNs - readyNs));
  }

  /** When what lies around the APC that has just begun began: the call in which it runs, or its thread's life. */
  #alertableSinceNs(thread: ThreadIndex): number | undefined {
    const life = this.#spans.threads.near(thread)?.life;
    const around = life === undefined ? -1 : life.parent(life.length - 1);
    if (life === undefined || around < 0 || life.apc(around) !== undefined) return undefined;
    return life.startNs(around);
  }

  #ended(thread: ThreadIndex, apc: ApcId, endedNs: number): void {
    const began = this.#apcs.leave(apc);
    if (began === undefined || this.#table.kind(began) !== Kind.apcBegan) return;
    this.#of(thread).latency.run.record(Math.max(0, endedNs - this.#table.timeNs(began)));
  }

  #lost(event: EventIndex, thread: ThreadIndex, lost: number, timeNs: number): void {
    this.lostEvents += lost;
    this.gapCount++;
    if (this.gaps.length < MOST_GAPS) this.gaps.push({ thread, event, timeNs, lost });
  }
}
