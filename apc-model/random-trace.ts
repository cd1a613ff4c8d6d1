import { Call, type CallName } from './event.ts';
import { TraceBuilder } from './trace-builder.ts';

/** The same numbers from the same seed. */
export class RandomNumbers {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 2_654_435_761 + 1) >>> 0;
  }

  /** A whole number below `limit`. */
  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 0x1_0000_0000) * limit);
  }

  shuffled<Value>(values: Iterable<Value>): Value[] {
    return [...values]
      .map((value) => ({ value, rank: this.below(1e9) }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ value }) => value);
  }

  of<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)]!;
  }
}

const FIRST_THREAD = 2;
const CALLS: readonly CallName[] = ['sleepEx', 'waitForSingleObject', 'compute', 'setEvent'];

/** What is open on a thread, outermost first: the name of a call, or the id of an APC that runs. */
interface Place {
  thread: number;
  isAlive: boolean;
  open: (CallName | number)[];
  queue: number[];
  special: number[];
  armed: number[];
  suspendCount: number;
}

/**
 * A session that could have happened, for tests that must hold of any: threads that nest calls and APCs, queue to each
 * other, are suspended, lose what is queued when they end, and now and then a gap.
 */
export function randomTrace(seed: number, events: number, threads = 4): TraceBuilder {
  return new RandomSession(seed, threads).write(events);
}

class RandomSession {
  readonly #build = new TraceBuilder();
  readonly #random: RandomNumbers;
  readonly #places: Place[] = [];
  #nextThread = FIRST_THREAD;
  #timeNs = 0;
  #apcs = 0;

  constructor(seed: number, threads: number) {
    this.#random = new RandomNumbers(seed);
    this.#build.defineObject(0, 'semaphore', 'gate').define('text', 0, 'step {n}');
    for (let count = 0; count < threads; count++) this.#create();
  }

  write(events: number): TraceBuilder {
    while (this.#build.rows.length < events) {
      this.#pass();
      this.#step(this.#random.of(this.#places));
    }
    return this.#build;
  }

  #pass(): void {
    this.#timeNs += this.#random.below(50) === 0 ? this.#random.below(5_000_000) : this.#random.below(900);
    this.#build.at(this.#timeNs);
  }

  #create(): void {
    const thread = this.#nextThread++;
    this.#places.push({
      thread,
      isAlive: true,
      open: [],
      queue: [],
      special: [],
      armed: [],
      suspendCount: 0,
    });
    this.#build.define('thread', thread, `T${thread}`);
    if (this.#random.below(4) === 0) this.#build.createdByHand(thread);
    else this.#build.created(thread);
    this.#pass();
    this.#build.started(thread);
  }

  #step(place: Place): void {
    if (!place.isAlive) return;
    const choice = this.#random.below(100);
    if (choice < 35) this.#queue(place);
    else if (choice < 45) this.#arm(place);
    else if (choice < 65) this.#beginCall(place);
    else if (choice < 90) this.#goOn(place);
    else if (choice < 94) this.#suspend(place);
    else if (choice < 96) this.#build.log(place.thread, 0, BigInt(this.#timeNs));
    else if (choice < 98) this.#build.objectChanged(place.thread, 0, this.#random.below(9));
    else if (choice === 98) this.#loseSome(place);
    else if (this.#random.below(6) === 0) this.#end(place);
  }

  #queue(place: Place): void {
    const target = this.#random.of(this.#places);
    const apc = ++this.#apcs;
    const special = this.#random.below(8) === 0;
    this.#build.queueing(place.thread, target.thread, apc, 0, { argument: BigInt(apc), special });
    this.#pass();
    if (!target.isAlive || this.#random.below(20) === 0) {
      this.#build.queueFailed(place.thread, apc, 31);
      return;
    }
    (special ? target.special : target.queue).push(apc);
    this.#build.queued(place.thread, apc);
  }

  #arm(place: Place): void {
    const [apc] = place.armed;
    if (apc === undefined || this.#random.below(2) === 0) {
      place.armed.push(++this.#apcs);
      this.#build.armed(place.thread, this.#apcs);
    } else if (this.#random.below(4) === 0) {
      place.armed.shift();
      this.#build.cancelled(place.thread, apc);
    } else {
      place.armed.shift();
      place.queue.push(apc);
      this.#build.queued(place.thread, apc, 'setWaitableTimer');
    }
  }

  #beginCall(place: Place): void {
    if (place.open.length > 8) return;
    const call = this.#random.of(CALLS);
    place.open.push(call);
    this.#build.begin(place.thread, call, { ms: 5, alertable: call === 'sleepEx', subject: 0 });
  }

  /** Runs what waits, where it can; else closes what is innermost. */
  #goOn(place: Place): void {
    const top = place.open.at(-1);
    const apc = place.special.shift() ?? (top === 'sleepEx' ? place.queue.shift() : undefined);
    if (apc !== undefined) {
      place.open.push(apc);
      this.#build.apcBegins(place.thread, apc, this.#depth(place));
    } else if (typeof top === 'number') {
      this.#build.apcEnds(place.thread, top, this.#depth(place));
      place.open.pop();
    } else if (top !== undefined) {
      this.#build.end(place.thread, top, Call[top] === Call.sleepEx ? 0xc0 : 1);
      place.open.pop();
    }
  }

  #depth(place: Place): number {
    return place.open.filter((one) => typeof one === 'number').length;
  }

  #suspend(place: Place): void {
    const before = place.suspendCount;
    place.suspendCount = before === 0 || this.#random.below(2) === 0 ? before + 1 : before - 1;
    this.#build.suspended(place.thread, place.suspendCount, before);
  }

  /** What happens unseen: frames end, and APCs run. */
  #loseSome(place: Place): void {
    place.open.length = this.#random.below(place.open.length + 1);
    place.queue.splice(0, this.#random.below(place.queue.length + 1));
    const apcs = this.#depth(place);
    this.#build.lostEvents(place.thread, 1 + this.#random.below(20));
    this.#build.resync(place.thread, place.open.length - apcs, apcs, [...place.queue, ...place.special]);
  }

  #end(place: Place): void {
    place.isAlive = false;
    this.#build.ended(place.thread, 0, this.#random.below(2) === 0 ? 'returned' : 'terminated');
    for (const apc of [...place.queue, ...place.special]) this.#build.apcLost(place.thread, apc);
    this.#create();
  }
}
