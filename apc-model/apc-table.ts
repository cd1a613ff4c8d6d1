import {
  Kind,
  ROUTINE_NONE,
  isSpecial,
  type ApcId,
  type EventIndex,
  type RoutineIndex,
  type ThreadIndex,
} from './event.ts';
import type { EventTable } from './event-table.ts';

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

/** Where each APC's events are: 28 bytes an APC, filled as events are appended. Ids begin at 1 and are dense. */
export class ApcTable {
  #capacity = 256;
  #columns = Array.from({ length: 7 }, () => new Uint32Array(256).fill(NEVER));
  #seen = 0;
  #largest = 0;

  /** The largest id so far. */
  get largest(): ApcId {
    return this.#largest;
  }

  /** Takes in the events that the table gained since the last call. */
  follow(table: EventTable): void {
    for (let index = this.#seen; index < table.length; index++) {
      const column = columnOf(table.kind(index));
      if (column >= 0) this.#put(table.subject(index), column, index);
    }
    this.#seen = table.length;
  }

  get(table: EventTable, id: ApcId): ApcLife | undefined {
    const queueing = this.#at(id, 0);
    if (queueing === undefined) return undefined;
    const low = table.valueLow(queueing);
    const queued = this.#at(id, 1);
    const began = this.#at(id, 3);
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
      failed: this.#at(id, 2),
      began,
      ended: this.#at(id, 4),
      lost: this.#at(id, 5),
      cancelled: this.#at(id, 6),
      vanished: low >>> 16 === ROUTINE_NONE ? queued : undefined,
    };
  }

  #at(id: ApcId, column: number): EventIndex | undefined {
    if (id >= this.#capacity) return undefined;
    const index = this.#columns[column]![id]!;
    return index === NEVER ? undefined : index;
  }

  #put(id: ApcId, column: number, index: EventIndex): void {
    if (id === NEVER) return;
    if (id >= this.#capacity) this.#grow(id);
    if (id > this.#largest) this.#largest = id;
    // A timer or an I/O is armed before it is queued: the first of the two names its source.
    if (column === 0 && this.#columns[0]![id] !== NEVER) return;
    this.#columns[column]![id] = index;
  }

  #grow(id: ApcId): void {
    while (this.#capacity <= id) this.#capacity *= 2;
    this.#columns = this.#columns.map((column) => {
      const larger = new Uint32Array(this.#capacity).fill(NEVER);
      larger.set(column);
      return larger;
    });
  }
}

function columnOf(kind: number): number {
  switch (kind) {
    case Kind.apcQueueing:
    case Kind.apcArmed:
      return 0;
    case Kind.apcQueued:
      return 1;
    case Kind.apcQueueFailed:
      return 2;
    case Kind.apcBegan:
      return 3;
    case Kind.apcEnded:
      return 4;
    case Kind.apcLost:
      return 5;
    case Kind.apcCancelled:
      return 6;
    default:
      return -1;
  }
}
