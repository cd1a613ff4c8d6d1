import { Call, Kind, isAlertable, isWait, type ApcId, type EventIndex } from './event.ts';
import type { EventTable } from './event-table.ts';
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
