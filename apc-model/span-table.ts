import { Kind, threadOfSubject, type EventIndex, type ThreadIndex } from './event.ts';
import type { EventChunk } from './event-chunk.ts';
import type { EventTable } from './event-table.ts';
import { frameKey, type FrameKey } from './mutable-thread.ts';
import { SpanTrack, SpanType } from './span-track.ts';
import { ThreadMap } from './thread-map.ts';

const NO_KEY = -1;

/** The stretches of one thread: `life` nests; `suspended` may overlap anything in it. */
export class ThreadSpans {
  readonly life: SpanTrack;
  readonly suspended: SpanTrack;
  handDriven = false;
  controller = false;
  /** Open spans of `life`, outermost first, and what ends each; NO_KEY where no call and no APC does. */
  readonly stack: number[] = [];
  readonly keys: FrameKey[] = [];
  /** Its threadCreated, threadStarted and threadEnded. */
  readonly milestones: EventIndex[] = [];

  constructor(table: EventTable) {
    this.life = new SpanTrack(table);
    this.suspended = new SpanTrack(table, true);
  }
}

/** What a thread's stretches go on from: the events that began those which are open. */
export interface ThreadSpansAt {
  handDriven: boolean;
  controller: boolean;
  milestones: readonly EventIndex[];
  life: readonly EventIndex[];
  suspended: readonly EventIndex[];
}

/** Every thread's stretches, kept as events arrive. */
export class SpanTable {
  readonly threads = new ThreadMap<ThreadSpans>();
  readonly #table: EventTable;

  constructor(table: EventTable) {
    this.#table = table;
  }

  /** Takes in the next event. */
  take(index: EventIndex, kind: number, chunk: EventChunk, row: number): void {
    switch (kind) {
      case Kind.threadCreated:
        return this.#created(index);
      case Kind.threadStarted: {
        const own = this.#of(chunk.thread[row]!);
        own.milestones.push(index);
        closeFrom(own, 0, index);
        push(own, index);
        if (own.handDriven) push(own, index);
        return;
      }
      case Kind.threadEnded: {
        const own = this.#of(chunk.thread[row]!);
        own.milestones.push(index);
        closeFrom(own, 0, index);
        closeSuspended(own, index);
        return;
      }
      case Kind.suspended:
      case Kind.resumed: {
        const target = this.#of(threadOfSubject(chunk.subject[row]!) ?? chunk.subject[row]!);
        if (chunk.valueLow[row] === 0) closeSuspended(target, index);
        else if (!isSuspended(target)) target.suspended.open(index, -1);
        return;
      }
      case Kind.callBegan:
      case Kind.apcBegan: {
        const own = this.#of(chunk.thread[row]!);
        if (own.handDriven) endStepWait(own, index);
        push(own, index, frameKey(kind, chunk.call[row]!, chunk.subject[row]!));
        return;
      }
      case Kind.callReturned:
      case Kind.apcEnded: {
        const own = this.#of(chunk.thread[row]!);
        pop(own, frameKey(kind, chunk.call[row]!, chunk.subject[row]!), index);
        // A hand-driven thread with nothing open but its life waits for its next step.
        if (own.handDriven && own.stack.length === 1) push(own, index);
        return;
      }
      case Kind.resync:
        return resync(this.#of(chunk.thread[row]!), chunk.valueLow[row]!, index);
    }
  }

  /** The event that closed the stretch which this one began; undefined while it is open, or where it began none. */
  endOf(began: EventIndex): EventIndex | undefined {
    const life = this.threads.get(this.#table.thread(began))?.life;
    const span = life?.firstBegunFrom(began) ?? 0;
    return life === undefined || span === life.length || life.began(span) !== began
      ? undefined
      : life.ended(span);
  }

  /** Every thread's open stretches when the events before `first` have happened. */
  openAt(first: EventIndex): Map<ThreadIndex, ThreadSpansAt> {
    return new Map(
      [...this.threads].map(([thread, { handDriven, controller, milestones, life, suspended }]) => [
        thread,
        {
          handDriven,
          controller,
          milestones: milestones.filter((event) => event < first),
          life: life.openAt(first).map((span) => life.began(span)),
          suspended: suspended.openAt(first).map((span) => suspended.began(span)),
        },
      ]),
    );
  }

  /** Goes on from stretches that were opened before the first event. */
  seed(threads: ReadonlyMap<ThreadIndex, ThreadSpansAt>): void {
    for (const [thread, at] of threads) {
      if (at.milestones.length + at.life.length === 0) continue;
      const own = this.#of(thread);
      own.handDriven = at.handDriven;
      own.controller = at.controller;
      own.milestones.push(...at.milestones);
      for (const began of at.life) push(own, began, this.#keyOf(began));
      for (const began of at.suspended) own.suspended.open(began, -1);
    }
  }

  #keyOf(began: EventIndex): FrameKey {
    const table = this.#table;
    const kind = table.kind(began);
    const hasKey = kind === Kind.callBegan || kind === Kind.apcBegan;
    return hasKey ? frameKey(kind, table.call(began), table.subject(began)) : NO_KEY;
  }

  evict(first: EventIndex): void {
    for (const { life, suspended } of this.threads.values()) {
      life.evict(first);
      suspended.evict(first);
    }
  }

  get bytes(): number {
    let bytes = 0;
    for (const { life, suspended } of this.threads.values()) bytes += life.bytes + suspended.bytes;
    return bytes;
  }

  #of(thread: ThreadIndex): ThreadSpans {
    let spans = this.threads.near(thread);
    if (spans === undefined) this.threads.set(thread, (spans = new ThreadSpans(this.#table)));
    return spans;
  }

  #created(index: EventIndex): void {
    const table = this.#table;
    const high = table.valueHigh(index);
    const created = this.#of(threadOfSubject(table.subject(index)) ?? table.subject(index));
    created.handDriven = (high & 0xffff) === 0xffff;
    created.controller = (high & 0x20000) !== 0;
    created.milestones.push(index);
    push(created, index);
    if ((high & 0x10000) !== 0) created.suspended.open(index, -1);
  }
}

function push(own: ThreadSpans, began: EventIndex, key = NO_KEY): void {
  const { stack, keys, life } = own;
  stack.push(life.open(began, stack.length === 0 ? -1 : stack[stack.length - 1]!));
  keys.push(key);
}

/**
 * Closes the innermost open call or APC that this event ends, with all inside it; does nothing where none matches
 * (after a gap).
 */
function pop(own: ThreadSpans, key: FrameKey, index: EventIndex): void {
  const place = own.keys.lastIndexOf(key);
  if (place >= 0) closeFrom(own, place, index);
}

/** After a gap no more calls and APCs are open than the engine says: which ends went missing, nobody knows. */
function resync(own: ThreadSpans, valueLow: number, index: EventIndex): void {
  let open = ((valueLow >>> 8) & 0xff) + ((valueLow >>> 16) & 0xff);
  let keep = 0;
  while (keep < own.keys.length && (open > 0 || own.keys[keep] === NO_KEY))
    if (own.keys[keep++] !== NO_KEY) open--;
  closeFrom(own, keep, index);
  if (own.handDriven && own.stack.length === 1) push(own, index);
}

function closeFrom(own: ThreadSpans, place: number, index: EventIndex): void {
  while (own.stack.length > place) {
    own.keys.pop();
    own.life.close(own.stack.pop()!, index);
  }
}

const isSuspended = ({ suspended }: ThreadSpans): boolean =>
  suspended.length > 0 && suspended.isOpen(suspended.length - 1);

function closeSuspended(own: ThreadSpans, index: EventIndex): void {
  if (isSuspended(own)) own.suspended.close(own.suspended.length - 1, index);
}

function endStepWait(own: ThreadSpans, index: EventIndex): void {
  const top = own.stack.at(-1);
  if (top !== undefined && own.life.type(top) === SpanType.waitingForStep)
    closeFrom(own, own.stack.length - 1, index);
}
