import { isFailedReturn } from '../apc-model/call-results.ts';
import { Kind, type EventIndex, type ThreadIndex } from '../apc-model/event.ts';
import type { EventChunk } from '../apc-model/event-chunk.ts';
import { CHUNK_MASK, type EventTable } from '../apc-model/event-table.ts';
import { Uint32Column } from '../apc-model/uint32-column.ts';
import type { Trace } from '../apc-model/trace.ts';

/** Of one thread: lists of the events that a lane must find without walking over all the others. */
export class ThreadMarks {
  /** apcQueueing or apcArmed, whichever came first, of each APC that is aimed at this thread. */
  readonly arrivals = new Uint32Column();
  /** The same of those that wait or run at the trace's horizon. */
  earlier: EventIndex[] = [];
  /** apcBegan on it. */
  readonly deliveries = new Uint32Column();
  /** apcLost of it. */
  readonly lostApcs = new Uint32Column();
  /** Its calls that failed. */
  readonly failures = new Uint32Column();
  /** Its ring was full: events are missing before this one. */
  readonly gaps = new Uint32Column();
  readonly logs = new Uint32Column();
  readonly markers = new Uint32Column();
  created: EventIndex | undefined;
  started: EventIndex | undefined;
  ended: EventIndex | undefined;
  /** The deepest nesting of APCs so far. */
  maxDepth = 0;
  /** How many APCs it queued, on whichever thread. */
  sent = 0;
}

class LaneMarks {
  readonly threads = new Map<ThreadIndex, ThreadMarks>();
  /** The horizon that the lists begin at. */
  #first = 0;
  #seen = 0;

  follow(trace: Trace): void {
    const { table } = trace;
    if (this.#first < table.firstIndex) this.#forget(table);
    while (this.#seen < table.length) {
      const chunk = table.chunkOf(this.#seen);
      const end = Math.min(table.length, (this.#seen | CHUNK_MASK) + 1);
      for (; this.#seen < end; this.#seen++) this.#fold(trace, chunk, this.#seen);
    }
  }

  /** Begins anew at the horizon: what is known of earlier events are the rows that the table keeps. */
  #forget(table: EventTable): void {
    this.#first = table.firstIndex;
    this.#seen = Math.max(this.#seen, this.#first);
    for (const marks of this.threads.values()) {
      marks.earlier = [];
      for (const list of listsOf(marks)) list.dropBefore(list.lowerBound(this.#first));
    }
    for (const event of table.keptEvents) {
      const kind = table.kind(event);
      if (kind === Kind.apcQueueing || kind === Kind.apcArmed) {
        this.#of(table.valueLow(event) & 0xffff).earlier.push(event);
      } else if (kind === Kind.apcBegan) {
        const own = this.#of(table.thread(event));
        own.maxDepth = Math.max(own.maxDepth, table.valueLow(event) >>> 16);
      } else this.#milestone(table, event);
    }
  }

  #of(thread: ThreadIndex): ThreadMarks {
    let marks = this.threads.get(thread);
    if (marks === undefined) this.threads.set(thread, (marks = new ThreadMarks()));
    return marks;
  }

  #fold(trace: Trace, chunk: EventChunk, event: EventIndex): void {
    const { table } = trace;
    const row = event & CHUNK_MASK;
    switch (chunk.kind(row)) {
      case Kind.apcQueueing:
      case Kind.apcArmed:
        if (trace.apcs.arrival(chunk.subject[row]!) === event) {
          this.#of(chunk.valueLow[row]! & 0xffff).arrivals.push(event);
          this.#of(chunk.thread[row]!).sent++;
        }
        return;
      case Kind.apcBegan: {
        const own = this.#of(chunk.thread[row]!);
        own.deliveries.push(event);
        own.maxDepth = Math.max(own.maxDepth, chunk.valueLow[row]! >>> 16);
        return;
      }
      case Kind.apcLost:
        return this.#of(table.thread(event)).lostApcs.push(event);
      case Kind.apcQueueFailed:
        return this.#of(table.thread(event)).failures.push(event);
      case Kind.callReturned:
        if (isFailedReturn(table, event)) this.#of(table.thread(event)).failures.push(event);
        return;
      case Kind.lost:
        return this.#of(table.thread(event)).gaps.push(event);
      case Kind.log:
        return this.#of(table.thread(event)).logs.push(event);
      case Kind.marker:
        return this.#of(table.thread(event)).markers.push(event);
      default:
        this.#milestone(table, event);
    }
  }

  #milestone(table: EventTable, event: EventIndex): void {
    switch (table.kind(event)) {
      case Kind.threadCreated:
        this.#of(table.subject(event) & 0xffff).created = event;
        return;
      case Kind.threadStarted:
        this.#of(table.thread(event)).started = event;
        return;
      case Kind.threadEnded:
        this.#of(table.thread(event)).ended = event;
        return;
    }
  }
}

const listsOf = (marks: ThreadMarks): Uint32Column[] => [
  marks.arrivals,
  marks.deliveries,
  marks.lostApcs,
  marks.failures,
  marks.gaps,
  marks.logs,
  marks.markers,
];

const ofTrace = new WeakMap<Trace, LaneMarks>();
const nothing = new ThreadMarks();

function newMarks(trace: Trace): LaneMarks {
  const marks = new LaneMarks();
  trace.beforeForgetting(() => marks.follow(trace));
  return marks;
}

/** The marks of one thread of a trace, up to date: costs only the events since the last call. */
export function marksOf(trace: Trace, thread: ThreadIndex): ThreadMarks {
  let marks = ofTrace.get(trace);
  if (marks === undefined) ofTrace.set(trace, (marks = newMarks(trace)));
  marks.follow(trace);
  return marks.threads.get(thread) ?? nothing;
}
