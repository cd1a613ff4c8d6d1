import {
  Kind,
  ROUTINE_NONE,
  isSpecial,
  type ApcId,
  type EventIndex,
  type RoutineIndex,
  type ThreadIndex,
} from './event.ts';
import type { EventChunk } from './event-chunk.ts';
import type { EventTable } from './event-table.ts';
import type { SpanTable } from './span-table.ts';

const NEVER = 0xffffffff;

/** One user APC from its queuing or arming to its end. Event indices are undefined until that event has come. */
export interface ApcLife {
  id: ApcId;
  /** The apc_call that made it: queueUserApc, setWaitableTimer … */
  origin: number;
  /** Who made that call. */
  source: ThreadIndex;
  target: ThreadIndex;
  routine: RoutineIndex;
  special: boolean;
  /** A timer or an I/O was to queue it: when that happened is `queued`, where the engine can see it. */
  armed: boolean;
  /** Those of its routine: from its queuing, or from its begin where they were not known before. */
  arguments: readonly bigint[];
  /** apcQueueing or apcArmed. */
  queueing: EventIndex;
  queued: EventIndex | undefined;
  failed: EventIndex | undefined;
  began: EventIndex | undefined;
  ended: EventIndex | undefined;
  lost: EventIndex | undefined;
  cancelled: EventIndex | undefined;
  /** It has no routine: queued, it was gone (fact 11). */
  vanished: EventIndex | undefined;
}

/** Ids of one block. */
const BLOCK = 1024;
const SHIFT = 10;
const MASK = BLOCK - 1;
/** The columns: apcQueueing or apcArmed; apcQueued or apcQueueFailed; apcBegan, apcLost or apcCancelled; what it is. */
const ARRIVAL = 0;
const ANSWER = 1;
const LEAVE = 2;
const WHAT = 3;
const COLUMNS = 4;
/** What an APC is, beside its target in the lower half. */
const SPECIAL = 0x10000;
const ARMED = 0x20000;
const NO_ROUTINE = 0x40000;
/** No honest trace has more ids than this for each of its events, or beside them: a damaged one gets no more memory. */
const IDS_AN_EVENT = 4;
const SPARE_IDS = 65_536;

/**
 * Where each APC's events are: 16 bytes an APC, filled as events are appended. Ids begin at 1 and are dense. The end of
 * its run is in the span table.
 */
export class ApcTable {
  readonly #table: EventTable;
  /** COLUMNS words an id. */
  #blocks: (Uint32Array | undefined)[] = [];
  #ids = 0;
  /** Blocks below this one are gone. */
  #dropped = 0;
  /** The words of APCs whose blocks are gone. */
  readonly #keptEarlier = new Map<ApcId, Uint32Array>();
  #largest = 0;

  constructor(table: EventTable) {
    this.#table = table;
  }

  /** The largest id so far. */
  get largest(): ApcId {
    return this.#largest;
  }

  /** Takes in the next event. */
  take(index: EventIndex, kind: number, chunk: EventChunk, row: number): void {
    if (kind < Kind.apcQueueing || kind > Kind.apcLost) return;
    this.#put(chunk.subject[row]!, kind, index, chunk.valueLow[row]!, chunk.valueHigh[row]!);
  }

  /** Its apcQueueing or apcArmed, whichever came first. */
  arrival(id: ApcId): EventIndex | undefined {
    return this.#at(id, ARRIVAL);
  }
  /** The thread at which it is aimed; this and the rest are of an APC whose arrival is known. */
  target(id: ApcId): ThreadIndex {
    return this.#what(id) & 0xffff;
  }
  isSpecial(id: ApcId): boolean {
    return (this.#what(id) & SPECIAL) !== 0;
  }
  /** It came by apcArmed. */
  isArmed(id: ApcId): boolean {
    return (this.#what(id) & ARMED) !== 0;
  }
  /** It never reaches user mode (fact 11). */
  hasNoRoutine(id: ApcId): boolean {
    return (this.#what(id) & NO_ROUTINE) !== 0;
  }
  /** Its first apcQueued or apcQueueFailed. */
  answer(id: ApcId): EventIndex | undefined {
    return this.#at(id, ANSWER);
  }
  /** How it left its queue: its apcBegan; without one the first that told it lost or cancelled. */
  leave(id: ApcId): EventIndex | undefined {
    return this.#at(id, LEAVE);
  }

  /**
   * Forgets the APCs that arrived before `first` but for `kept`: those that wait or run at that event.
   */
  evict(first: EventIndex, kept: ReadonlySet<ApcId>): void {
    for (const id of this.#keptEarlier.keys()) if (!kept.has(id)) this.#keptEarlier.delete(id);
    for (const [place, block] of this.#blocks.entries()) {
      if (block === undefined) continue;
      if (this.#forget(place, block, first, kept)) {
        this.#blocks[place] = undefined;
        this.#dropped = place + 1;
        this.#ids -= BLOCK;
      } else if (block[ARRIVAL]! !== NEVER && block[ARRIVAL]! >= first) break;
    }
  }

  /** An APC that arrived before the first event. */
  seed(event: EventIndex): void {
    const table = this.#table;
    this.#put(table.subject(event), table.kind(event), event, table.valueLow(event), table.valueHigh(event));
  }

  get bytes(): number {
    return this.#ids * COLUMNS * 4;
  }

  #at(id: ApcId, column: number): EventIndex | undefined {
    const block = this.#blocks[id >>> SHIFT];
    const index =
      block === undefined
        ? (this.#keptEarlier.get(id)?.[column] ?? NEVER)
        : block[(id & MASK) * COLUMNS + column]!;
    return index === NEVER ? undefined : index;
  }

  #what(id: ApcId): number {
    return this.#at(id, WHAT) ?? 0;
  }

  #put(id: ApcId, kind: number, index: EventIndex, valueLow: number, valueHigh: number): void {
    const column = columnOf(kind);
    if (column < 0 || id === NEVER) return;
    const block = this.#blocks[id >>> SHIFT];
    const kept = block === undefined ? this.#keptEarlier.get(id) : undefined;
    if (kept !== undefined) return writeEvent(kept, column, kind, index);
    // What is told of an APC that was forgotten has no meaning any more.
    if (block === undefined && id >>> SHIFT < this.#dropped) return;
    const words = block ?? this.#addBlock(id >>> SHIFT);
    if (words === undefined) return;
    if (id > this.#largest) this.#largest = id;
    const at = (id & MASK) * COLUMNS;
    if (column === ARRIVAL && words[at] === NEVER) words[at + WHAT] = whatOf(kind, valueLow, valueHigh);
    writeEvent(words, at + column, kind, index);
  }

  /** @returns whether nothing is left in the block */
  #forget(place: number, block: Uint32Array, first: EventIndex, kept: ReadonlySet<ApcId>): boolean {
    let isEmpty = true;
    for (let at = 0; at < block.length; at += COLUMNS) {
      const arrival = block[at + ARRIVAL]!;
      if (arrival !== NEVER && arrival >= first) isEmpty = false;
    }
    // The newest block has room for ids to come.
    if (place === this.#largest >>> SHIFT) isEmpty = false;
    for (let at = 0; at < block.length; at += COLUMNS) {
      const arrival = block[at + ARRIVAL]!;
      if (arrival !== NEVER && arrival >= first) continue;
      const id = (place << SHIFT) + at / COLUMNS;
      if (!kept.has(id)) block.fill(NEVER, at, at + COLUMNS);
      else if (isEmpty) this.#keptEarlier.set(id, block.slice(at, at + COLUMNS));
    }
    return isEmpty;
  }

  #addBlock(place: number): Uint32Array | undefined {
    if (this.#ids > this.#table.length * IDS_AN_EVENT + SPARE_IDS) return undefined;
    const block = new Uint32Array(BLOCK * COLUMNS).fill(NEVER);
    this.#blocks[place] = block;
    this.#ids += BLOCK;
    return block;
  }
}

/** The first of its kind stays; an APC that begins left its queue that way, whatever was told before. */
function writeEvent(words: Uint32Array, at: number, kind: number, index: EventIndex): void {
  if (words[at] === NEVER || kind === Kind.apcBegan) words[at] = index;
}

const whatOf = (kind: number, valueLow: number, valueHigh: number): number =>
  (valueLow & 0xffff) |
  (isSpecial(valueHigh) ? SPECIAL : 0) |
  (kind === Kind.apcArmed ? ARMED : 0) |
  (valueLow >>> 16 === ROUTINE_NONE ? NO_ROUTINE : 0);

function columnOf(kind: number): number {
  switch (kind) {
    case Kind.apcQueueing:
    case Kind.apcArmed:
      return ARRIVAL;
    case Kind.apcQueued:
    case Kind.apcQueueFailed:
      return ANSWER;
    case Kind.apcBegan:
    case Kind.apcLost:
    case Kind.apcCancelled:
      return LEAVE;
    default:
      return -1;
  }
}

/** Everything that became of one APC; undefined where nothing is known of its beginning. */
export function apcLife(table: EventTable, apcs: ApcTable, spans: SpanTable, id: ApcId): ApcLife | undefined {
  const queueing = apcs.arrival(id);
  if (queueing === undefined) return undefined;
  const low = table.valueLow(queueing);
  const isA = (event: EventIndex | undefined, kind: number): EventIndex | undefined =>
    event !== undefined && table.kind(event) === kind ? event : undefined;
  const queued = isA(apcs.answer(id), Kind.apcQueued);
  const began = isA(apcs.leave(id), Kind.apcBegan);
  const told = began === undefined || table.argumentCount(queueing) > 0 ? queueing : began;
  return {
    id,
    origin: table.call(queueing),
    source: table.thread(queueing),
    target: low & 0xffff,
    routine: low >>> 16,
    special: isSpecial(table.valueHigh(queueing)),
    armed: table.kind(queueing) === Kind.apcArmed,
    arguments: table.arguments(told),
    queueing,
    queued,
    failed: isA(apcs.answer(id), Kind.apcQueueFailed),
    began,
    ended: began === undefined ? undefined : isA(spans.endOf(began), Kind.apcEnded),
    lost: isA(apcs.leave(id), Kind.apcLost),
    cancelled: isA(apcs.leave(id), Kind.apcCancelled),
    vanished: low >>> 16 === ROUTINE_NONE ? queued : undefined,
  };
}
