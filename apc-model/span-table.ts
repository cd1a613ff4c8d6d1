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
import type { EventChunk } from './event-chunk.ts';
import type { EventTable } from './event-table.ts';
import { endsFrame } from './mutable-thread.ts';
import { ThreadMap } from './thread-map.ts';
import { Uint32Column } from './uint32-column.ts';

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

/**
 * Stretches that nest, in order of their start: 12 bytes each. What a stretch is and when it was, the event tells that
 * began it. Closed stretches keep their place; only their end is filled in.
 */
export class SpanTrack {
  readonly #table: EventTable;
  readonly #isSuspended: boolean;
  readonly #began = new Uint32Column();
  readonly #ended = new Uint32Column();
  /** NONE for none. */
  readonly #parent = new Uint32Column();
  /** Began, ended and parent of dropped spans that were open at the horizon; outermost first. */
  #kept = new Map<number, [began: number, ended: number, parent: number]>();

  /** @param isSuspended its stretches are those in which the thread was suspended, and do not nest */
  constructor(table: EventTable, isSuspended = false) {
    this.#table = table;
    this.#isSuspended = isSuspended;
  }

  get length(): number {
    return this.#began.length;
  }

  /** Spans below this one are dropped, but for those that were open then. */
  get first(): number {
    return this.#began.first;
  }
  has(span: number): boolean {
    return span < this.length && (span >= this.first || this.#kept.has(span));
  }
  /** The dropped spans that are kept, outermost first. */
  get kept(): Iterable<number> {
    return this.#kept.keys();
  }
  /** The span on whose chain of parents is all that encloses the start of this one; -1 for none. */
  before(span: number): number {
    return span > this.first ? span - 1 : ([...this.#kept.keys()].at(-1) ?? -1);
  }

  began(span: number): EventIndex {
    return span >= this.first ? this.#began.at(span) : this.#kept.get(span)![0];
  }
  isOpen(span: number): boolean {
    return this.#endedOf(span) === NONE;
  }
  /** The event that closed it, undefined while it is open. */
  ended(span: number): EventIndex | undefined {
    const ended = this.#endedOf(span);
    return ended === NONE ? undefined : ended;
  }
  /** The enclosing span, -1 for none. */
  parent(span: number): number {
    return (span >= this.first ? this.#parent.at(span) : this.#kept.get(span)![2]) | 0;
  }
  startNs(span: number): number {
    return this.#table.timeNs(this.began(span));
  }
  /** Infinity while it is open. */
  endNs(span: number): number {
    const ended = this.#endedOf(span);
    return ended === NONE ? Number.POSITIVE_INFINITY : this.#table.timeNs(ended);
  }
  type(span: number): SpanType {
    if (this.#isSuspended) return SpanType.suspended;
    return typeOf(this.#table, this.began(span), this.parent(span) < 0);
  }
  /** The call that it is, or that queued its APC; Call.none for neither. */
  call(span: number): number {
    const began = this.began(span);
    const kind = this.#table.kind(began);
    return kind === Kind.callBegan || kind === Kind.apcBegan ? this.#table.call(began) : Call.none;
  }
  apc(span: number): ApcId | undefined {
    const began = this.began(span);
    return this.#table.kind(began) === Kind.apcBegan ? this.#table.subject(began) : undefined;
  }
  /** APCs around it, itself included. */
  depth(span: number): number {
    let depth = 0;
    for (let at = span; at >= 0; at = this.parent(at))
      if (this.#table.kind(this.began(at)) === Kind.apcBegan) depth++;
    return depth;
  }

  get(span: number): Span {
    return {
      type: this.type(span),
      startNs: this.startNs(span),
      endNs: this.endNs(span),
      depth: this.depth(span),
      call: this.call(span),
      apc: this.apc(span),
      began: this.began(span),
      ended: this.ended(span),
      parent: this.parent(span),
    };
  }

  /** The first span, not below `from`, that starts at or after `timeNs`. */
  firstStartingFrom(timeNs: number, from = 0): number {
    let low = Math.max(from, this.first);
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.startNs(middle) < timeNs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The first span, not below `from`, that this event or a later one began. */
  firstBegunFrom(event: EventIndex, from = 0): number {
    return this.#began.lowerBound(event, from);
  }

  /** @param parent -1 for none */
  open(began: EventIndex, parent: number): number {
    this.#ended.push(NONE);
    this.#parent.push(parent < 0 ? NONE : parent);
    this.#began.push(began);
    return this.#began.length - 1;
  }

  close(span: number, ended: EventIndex): void {
    if (span >= this.first) this.#ended.set(span, ended);
    else this.#kept.get(span)![1] = ended;
  }

  /** The spans that are open when the events before `first` have happened, outermost first. */
  openAt(first: EventIndex): number[] {
    const open: number[] = [];
    for (let span = this.before(this.firstBegunFrom(first)); span >= 0; span = this.parent(span))
      if (this.#endedOf(span) >= first) open.push(span);
    return open.reverse();
  }

  /** Forgets the spans that events before `first` began, but for those that are open then. */
  evict(first: EventIndex): void {
    const past = this.firstBegunFrom(first);
    this.#kept = new Map(
      this.openAt(first).map((span) => [span, [this.began(span), this.#endedOf(span), this.parent(span)]]),
    );
    for (const column of [this.#began, this.#ended, this.#parent]) column.dropBefore(past);
  }

  #endedOf(span: number): number {
    return span >= this.first ? this.#ended.at(span) : this.#kept.get(span)![1];
  }

  get bytes(): number {
    return this.#began.bytes + this.#ended.bytes + this.#parent.bytes;
  }
}

/** What a stretch is that begins with this event. */
function typeOf(table: EventTable, began: EventIndex, isOutermost: boolean): SpanType {
  switch (table.kind(began)) {
    case Kind.threadCreated:
      return SpanType.notStarted;
    case Kind.threadStarted:
      return isOutermost ? SpanType.alive : SpanType.waitingForStep;
    case Kind.callBegan:
      if (!isWait(table.call(began))) return SpanType.call;
      return isAlertable(table.valueHigh(began)) ? SpanType.alertableWait : SpanType.wait;
    case Kind.apcBegan:
      return SpanType.apc;
    default:
      return SpanType.waitingForStep;
  }
}

/** The stretches of one thread: `life` nests; `suspended` may overlap anything in it. */
export class ThreadSpans {
  readonly life: SpanTrack;
  readonly suspended: SpanTrack;
  handDriven = false;
  controller = false;
  /** Open spans of `life`, outermost first. */
  readonly stack: number[] = [];
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
        push(own, index);
        return;
      }
      case Kind.callReturned:
      case Kind.apcEnded: {
        const own = this.#of(chunk.thread[row]!);
        pop(this.#table, own, index);
        // A hand-driven thread with nothing open but its life waits for its next step.
        if (own.handDriven && own.stack.length === 1) push(own, index);
        return;
      }
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
      for (const began of at.life) push(own, began);
      for (const began of at.suspended) own.suspended.open(began, -1);
    }
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

function push(own: ThreadSpans, began: EventIndex): void {
  const { stack, life } = own;
  stack.push(life.open(began, stack.length === 0 ? -1 : stack[stack.length - 1]!));
}

/**
 * Closes the innermost open call or APC that this event ends, with all inside it; does nothing where none matches
 * (after a gap).
 */
function pop(table: EventTable, own: ThreadSpans, index: EventIndex): void {
  for (let place = own.stack.length - 1; place >= 0; place--) {
    if (!endsFrame(table, index, own.life.began(own.stack[place]!))) continue;
    closeFrom(own, place, index);
    return;
  }
}

function closeFrom(own: ThreadSpans, place: number, index: EventIndex): void {
  while (own.stack.length > place) own.life.close(own.stack.pop()!, index);
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
