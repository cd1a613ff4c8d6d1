import { Kind, SUBJECT_NONE, isSpecial, type EventIndex, type ThreadIndex } from './event.ts';
import type { ApcTable } from './apc-table.ts';
import type { EventChunk } from './event-chunk.ts';
import type { EventTable } from './event-table.ts';
import { LogHistogram } from './log-histogram.ts';
import type { SpanTable } from './span-table.ts';
import type { Activity } from './thread-state.ts';
import { CountSeries, PeakSeries } from './time-series.ts';

/** What a thread's time is divided into: every activity but `ended`. */
export const TIMED_ACTIVITIES = [
  'notStarted',
  'running',
  'runningApc',
  'alertableWait',
  'wait',
  'waitingForStep',
  'suspended',
] as const satisfies readonly Activity[];
export type TimedActivity = (typeof TIMED_ACTIVITIES)[number];

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

/** Of one thread, or of all together. */
export class Tally {
  readonly latency: Latency = {
    waiting: new LogHistogram(),
    delivery: new LogHistogram(),
    run: new LogHistogram(),
  };
  /** APCs that began (apcBegan), over time. */
  readonly delivered = new CountSeries();
  /** How many APCs stood in its queues (see QueueDepths), over time: the peak of each bucket. */
  readonly depth = new PeakSeries();
  /** Nanoseconds spent in each state so far, without the present stretch; of all threads, their sum. */
  readonly stateNs: Record<TimedActivity, number> = {
    notStarted: 0,
    running: 0,
    runningApc: 0,
    alertableWait: 0,
    wait: 0,
    waitingForStep: 0,
    suspended: 0,
  };
}

/** One thread's tally, and the state that it is in. */
class ThreadTally extends Tally {
  activity: Activity = 'notStarted';
  /** When that began; undefined until the thread is first told of. */
  sinceNs: number | undefined;
  queued = 0;
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
  readonly all = new Tally();
  /** The first MOST_GAPS of them. */
  readonly gaps: EventGap[] = [];
  gapCount = 0;
  lostEvents = 0;
  readonly #threads = new Map<ThreadIndex, ThreadTally>();
  readonly #table: EventTable;
  readonly #apcs: ApcTable;
  readonly #spans: SpanTable;
  #queued = 0;
  #nowNs = 0;

  /** The tables have always taken an event before this. */
  constructor(table: EventTable, apcs: ApcTable, spans: SpanTable) {
    this.#table = table;
    this.#apcs = apcs;
    this.#spans = spans;
  }

  /** Of one thread; undefined where nothing is known of it. */
  thread(thread: ThreadIndex): Tally | undefined {
    return this.#threads.get(thread);
  }

  get threads(): Iterable<[ThreadIndex, Tally]> {
    return this.#threads;
  }

  /**
   * The time that a thread (undefined: all together) spent in each state until `nowNs`, in nanoseconds, the present stretch
   * included. Of one thread they add up to its life: from threadCreated (or whatever told of it first) to threadEnded or
   * `nowNs`.
   */
  statesNs(nowNs: number, thread?: ThreadIndex): Record<TimedActivity, number> {
    const tally = thread === undefined ? this.all : this.#threads.get(thread);
    const states = { ...(tally ?? new Tally()).stateNs };
    for (const [index, { activity, sinceNs }] of this.#threads) {
      if ((thread !== undefined && index !== thread) || activity === 'ended' || sinceNs === undefined)
        continue;
      states[activity] += Math.max(0, nowNs - sinceNs);
    }
    return states;
  }

  /** Takes in the next event. */
  take(index: EventIndex, kind: number, chunk: EventChunk, row: number): void {
    const timeNs = chunk.timeNs(row);
    if (timeNs > this.#nowNs) this.#nowNs = timeNs;
    if (kind === Kind.apcBegan) this.#began(index, chunk.thread[row]!, chunk.subject[row]!);
    else if (kind === Kind.apcEnded) this.#ended(index, chunk.thread[row]!);
    else if (kind === Kind.lost) this.#lost(index, chunk.thread[row]!, chunk.valueLow[row]!);
  }

  /** A thread's queues hold this many from the last taken event on. */
  depthChanged(thread: ThreadIndex, depth: number): void {
    const own = this.#of(thread);
    this.#queued += depth - own.queued;
    own.queued = depth;
    own.depth.change(this.#nowNs, depth);
    this.all.depth.change(this.#nowNs, this.#queued);
  }

  /** threadCreated: its life begins. */
  created(thread: ThreadIndex, timeNs: number): void {
    this.#of(thread).sinceNs ??= timeNs;
  }

  /** A thread's state is this from `timeNs` on. Clocks of two threads may differ by a hair: no stretch is negative. */
  activityChanged(thread: ThreadIndex, activity: Activity, timeNs: number): void {
    const own = this.#of(thread);
    const sinceNs = own.sinceNs ?? timeNs;
    const untilNs = Math.max(sinceNs, timeNs);
    if (own.activity !== 'ended') {
      own.stateNs[own.activity] += untilNs - sinceNs;
      this.all.stateNs[own.activity] += untilNs - sinceNs;
    }
    own.activity = activity;
    own.sinceNs = untilNs;
  }

  #of(thread: ThreadIndex): ThreadTally {
    let own = this.#threads.get(thread);
    if (own === undefined) this.#threads.set(thread, (own = new ThreadTally()));
    return own;
  }

  #began(index: EventIndex, thread: ThreadIndex, apc: number): void {
    const own = this.#of(thread);
    own.delivered.add(this.#nowNs);
    this.all.delivered.add(this.#nowNs);
    const queuing = this.#queuingOf(apc, index);
    if (queuing === undefined) return;
    const queuedNs = this.#table.timeNs(queuing);
    const beganNs = this.#table.timeNs(index);
    const alertableNs = this.#isSpecial(apc) ? queuedNs : (this.#alertableSinceNs(thread) ?? queuedNs);
    const readyNs = Math.max(queuedNs, alertableNs);
    for (const { latency } of [own, this.all]) {
      latency.waiting.record(readyNs - queuedNs);
      latency.delivery.record(Math.max(0, beganNs - readyNs));
    }
  }

  /** What told that an APC came into its queue, before this event. */
  #queuingOf(apc: number, before: EventIndex): EventIndex | undefined {
    const arrival = this.#apcs.arrival(apc);
    if (arrival === undefined || this.#table.kind(arrival) === Kind.apcQueueing) return arrival;
    const answer = this.#apcs.answer(apc);
    return answer !== undefined && answer < before ? answer : undefined;
  }

  #isSpecial(apc: number): boolean {
    const arrival = this.#apcs.arrival(apc);
    return arrival !== undefined && isSpecial(this.#table.valueHigh(arrival));
  }

  /** When what lies around the APC that has just begun began: the call in which it runs, or its thread's life. */
  #alertableSinceNs(thread: ThreadIndex): number | undefined {
    const life = this.#spans.threads.get(thread)?.life;
    const around = life === undefined ? -1 : life.parent(life.length - 1);
    if (life === undefined || around < 0 || life.apc(around) !== undefined) return undefined;
    return life.startNs(around);
  }

  #ended(index: EventIndex, thread: ThreadIndex): void {
    const apc = this.#table.subject(index);
    const began = apc === SUBJECT_NONE ? undefined : this.#apcs.leave(apc);
    if (began === undefined || this.#table.kind(began) !== Kind.apcBegan) return;
    const runNs = Math.max(0, this.#table.timeNs(index) - this.#table.timeNs(began));
    this.#of(thread).latency.run.record(runNs);
    this.all.latency.run.record(runNs);
  }

  #lost(event: EventIndex, thread: ThreadIndex, lost: number): void {
    this.lostEvents += lost;
    this.gapCount++;
    if (this.gaps.length < MOST_GAPS)
      this.gaps.push({ thread, event, timeNs: this.#table.timeNs(event), lost });
  }
}
