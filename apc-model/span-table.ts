import {
  Call,
  Kind,
  isAlertable,
  isWait,
  threadOfSubject,
  type ApcId,
  type EventIndex,
  type ThreadIndex,
} from './event.ts';
import type { EventTable } from './event-table.ts';

/** What a stretch of a thread's life was. */
export const SpanType = {
  /** From threadStarted to threadEnded: running wherever nothing lies on top of it. */
  alive: 0,
  wait: 1,
  alertableWait: 2,
  /** A call in which the thread runs, such as compute. */
  call: 3,
  apc: 4,
  /** A hand-driven thread between two steps. */
  waitingForStep: 5,
  suspended: 6,
  /** From threadCreated to threadStarted. */
  notStarted: 7,
} as const;
export type SpanType = (typeof SpanType)[keyof typeof SpanType];

const OPEN = Number.POSITIVE_INFINITY;
const NONE = 0xffffffff;

/** One stretch by value. */
export interface Span {
  type: SpanType;
  startNs: number;
  /** Infinity while it is open. */
  endNs: number;
  /** APCs nested around it: 0 outside any APC; an APC's own span counts itself. */
  depth: number;
  call: number;
  apc: ApcId | undefined;
  began: EventIndex;
  ended: EventIndex | undefined;
  /** The enclosing span in the same track, -1 for none. */
  parent: number;
}

/** Stretches that nest, in order of their start. Closed stretches keep their place; only their end is filled in. */
export class SpanTrack {
  #capacity = 64;
  length = 0;
  startNs = new Float64Array(64);
  endNs = new Float64Array(64);
  type = new Uint8Array(64);
  depth = new Uint16Array(64);
  call = new Uint8Array(64);
  apc = new Uint32Array(64);
  began = new Uint32Array(64);
  ended = new Uint32Array(64);
  parent = new Int32Array(64);

  get(index: number): Span {
    const apc = this.apc[index]!;
    const ended = this.ended[index]!;
    return {
      type: this.type[index] as SpanType,
      startNs: this.startNs[index]!,
      endNs: this.endNs[index]!,
      depth: this.depth[index]!,
      call: this.call[index]!,
      apc: apc === NONE ? undefined : apc,
      began: this.began[index]!,
      ended: ended === NONE ? undefined : ended,
      parent: this.parent[index]!,
    };
  }

  /** How many spans start at or before `timeNs`. */
  countStartedBy(timeNs: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.startNs[middle]! <= timeNs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * Visits every span that overlaps [fromNs, toNs], outermost first and then by start. Cost: what is visited, plus the
   * nesting at `fromNs`.
   */
  visit(fromNs: number, toNs: number, see: (index: number) => void): void {
    const first = this.countStartedBy(fromNs);
    const open: number[] = [];
    for (let at = first - 1; at >= 0; at = this.parent[at]!) if (this.endNs[at]! >= fromNs) open.push(at);
    for (const at of open.reverse()) see(at);
    for (let at = first; at < this.length && this.startNs[at]! <= toNs; at++) see(at);
  }

  open(
    type: SpanType,
    startNs: number,
    depth: number,
    began: EventIndex,
    parent: number,
    call = 0,
    apc = NONE,
  ): number {
    if (this.length === this.#capacity) this.#grow();
    const index = this.length++;
    this.startNs[index] = startNs;
    this.endNs[index] = OPEN;
    this.type[index] = type;
    this.depth[index] = depth;
    this.call[index] = call;
    this.apc[index] = apc;
    this.began[index] = began;
    this.ended[index] = NONE;
    this.parent[index] = parent;
    return index;
  }

  close(index: number, endNs: number, ended: EventIndex): void {
    this.endNs[index] = endNs;
    this.ended[index] = ended;
  }

  #grow(): void {
    this.#capacity *= 2;
    const larger = <T extends { set(from: T): void }>(old: T, fresh: T): T => (fresh.set(old), fresh);
    this.startNs = larger(this.startNs, new Float64Array(this.#capacity));
    this.endNs = larger(this.endNs, new Float64Array(this.#capacity));
    this.type = larger(this.type, new Uint8Array(this.#capacity));
    this.depth = larger(this.depth, new Uint16Array(this.#capacity));
    this.call = larger(this.call, new Uint8Array(this.#capacity));
    this.apc = larger(this.apc, new Uint32Array(this.#capacity));
    this.began = larger(this.began, new Uint32Array(this.#capacity));
    this.ended = larger(this.ended, new Uint32Array(this.#capacity));
    this.parent = larger(this.parent, new Int32Array(this.#capacity));
  }
}

/** The stretches of one thread: `life` nests; `suspended` may overlap anything in it. */
export class ThreadSpans {
  readonly life = new SpanTrack();
  readonly suspended = new SpanTrack();
  handDriven = false;
  controller = false;
  /** Open spans of `life`, outermost first. */
  readonly stack: number[] = [];
  depth = 0;
}

/** Every thread's stretches, kept as events arrive. */
export class SpanTable {
  readonly threads = new Map<ThreadIndex, ThreadSpans>();
  #seen = 0;

  /** Takes in the events that the table gained since the last call. */
  follow(table: EventTable): void {
    for (; this.#seen < table.length; this.#seen++) this.#fold(table, this.#seen);
  }

  #of(thread: ThreadIndex): ThreadSpans {
    let spans = this.threads.get(thread);
    if (spans === undefined) this.threads.set(thread, (spans = new ThreadSpans()));
    return spans;
  }

  #fold(table: EventTable, index: EventIndex): void {
    const timeNs = table.timeNs(index);
    const high = table.valueHigh(index);
    switch (table.kind(index)) {
      case Kind.threadCreated: {
        const created = this.#of(threadOfSubject(table.subject(index)) ?? table.subject(index));
        created.handDriven = (high & 0xffff) === 0xffff;
        created.controller = (high & 0x20000) !== 0;
        push(created, SpanType.notStarted, timeNs, index);
        if ((high & 0x10000) !== 0) created.suspended.open(SpanType.suspended, timeNs, 0, index, -1);
        return;
      }
      case Kind.threadStarted: {
        const own = this.#of(table.thread(index));
        closeAll(own, timeNs, index);
        push(own, SpanType.alive, timeNs, index);
        if (own.handDriven) push(own, SpanType.waitingForStep, timeNs, index);
        return;
      }
      case Kind.threadEnded: {
        const own = this.#of(table.thread(index));
        closeAll(own, timeNs, index);
        closeSuspended(own, timeNs, index);
        return;
      }
      case Kind.suspended:
      case Kind.resumed: {
        const target = this.#of(threadOfSubject(table.subject(index)) ?? table.subject(index));
        const count = table.valueLow(index);
        const last = target.suspended.length - 1;
        const isOpen = last >= 0 && target.suspended.endNs[last] === OPEN;
        if (count > 0 && !isOpen) target.suspended.open(SpanType.suspended, timeNs, 0, index, -1);
        if (count === 0) closeSuspended(target, timeNs, index);
        return;
      }
      case Kind.callBegan: {
        const own = this.#of(table.thread(index));
        const call = table.call(index);
        endStepWait(own, timeNs, index);
        const type = !isWait(call)
          ? SpanType.call
          : isAlertable(high)
            ? SpanType.alertableWait
            : SpanType.wait;
        push(own, type, timeNs, index, call);
        return;
      }
      case Kind.callReturned: {
        const own = this.#of(table.thread(index));
        const call = table.call(index);
        pop(own, timeNs, index, (at) => isCall(own.life.type[at]!) && own.life.call[at] === call);
        beginStepWait(own, timeNs, index);
        return;
      }
      case Kind.apcBegan: {
        const own = this.#of(table.thread(index));
        endStepWait(own, timeNs, index);
        own.depth++;
        push(own, SpanType.apc, timeNs, index, table.call(index), table.subject(index));
        return;
      }
      case Kind.apcEnded: {
        const own = this.#of(table.thread(index));
        const apc = table.subject(index);
        pop(own, timeNs, index, (at) => own.life.type[at] === SpanType.apc && own.life.apc[at] === apc);
        beginStepWait(own, timeNs, index);
        return;
      }
    }
  }
}

const isCall = (type: number): boolean =>
  type === SpanType.call || type === SpanType.wait || type === SpanType.alertableWait;

function push(
  own: ThreadSpans,
  type: SpanType,
  timeNs: number,
  index: EventIndex,
  call = Call.none,
  apc = NONE,
): void {
  own.stack.push(own.life.open(type, timeNs, own.depth, index, own.stack.at(-1) ?? -1, call, apc));
}

/** Closes the innermost open span that matches, with all inside it; does nothing where none matches (after a gap). */
function pop(own: ThreadSpans, timeNs: number, index: EventIndex, matches: (at: number) => boolean): void {
  const place = own.stack.findLastIndex(matches);
  if (place >= 0) closeFrom(own, place, timeNs, index);
}

function closeFrom(own: ThreadSpans, place: number, timeNs: number, index: EventIndex): void {
  while (own.stack.length > place) {
    const at = own.stack.pop()!;
    if (own.life.type[at] === SpanType.apc) own.depth--;
    own.life.close(at, timeNs, index);
  }
}

const closeAll = (own: ThreadSpans, timeNs: number, index: EventIndex): void =>
  closeFrom(own, 0, timeNs, index);

function closeSuspended(own: ThreadSpans, timeNs: number, index: EventIndex): void {
  const last = own.suspended.length - 1;
  if (last >= 0 && own.suspended.endNs[last] === OPEN) own.suspended.close(last, timeNs, index);
}

/** A hand-driven thread with nothing open but its life waits for its next step. */
function beginStepWait(own: ThreadSpans, timeNs: number, index: EventIndex): void {
  if (own.handDriven && own.stack.length === 1) push(own, SpanType.waitingForStep, timeNs, index);
}

function endStepWait(own: ThreadSpans, timeNs: number, index: EventIndex): void {
  const top = own.stack.at(-1);
  if (top !== undefined && own.life.type[top] === SpanType.waitingForStep)
    closeFrom(own, own.stack.length - 1, timeNs, index);
}
