import { RECORD_BYTES, HEAD, moreCount } from '../../apc-model/event.ts';
import { Trace } from '../../apc-model/trace.ts';
import { EventAxis } from '../../timeline/event-axis.ts';
import { marksOf } from '../../timeline/lane-marks.ts';
import { SyntheticSession, type Shape } from './trace-synthetic.ts';

/**
 * A program of `npm run bench -- trace`: takes in a made-up session as the page does, and says what that costs.
 *
 *     node --expose-gc trace-model.js trace|objects <shape> <events> <threads> <deepest>
 *
 * `objects` is the peer: an array with one plain object an event, and nothing derived from it.
 */

/** As many as the page gets in one message at a high rate. */
const BATCH_EVENTS = 8192;
const INSTANTS = 400;
const CHIPS = 24;

/** What a program of the bench prints, as one line of JSON. */
interface Figures {
  bytesAnEvent: number;
  /** Nanoseconds an event, of the batch in the middle, and of all batches together. */
  medianNs: number;
  meanNs: number;
  /** The batch that took longest. */
  worstBatchMs: number;
  atP50Ms?: number;
  atP95Ms?: number;
  atMaxMs?: number;
}

/** Somewhere for events to go. */
interface Store {
  length: () => number;
  append: (records: Uint8Array) => void;
  /** Looks at `INSTANTS` random instants and says how long each took. */
  look?: () => number[];
}

function traceStore(): Store {
  const trace = new Trace({ engine: 'posix', engineLabel: 'made up', os: '', startedUnixMs: 0, title: '' });
  const axis = new EventAxis(trace.table);
  return {
    length: () => trace.table.length,
    append: (records) => {
      trace.appendRecords(records);
      marksOf(trace, 0);
      axis.follow();
    },
    look: () => Array.from({ length: INSTANTS }, (_, place) => lookAt(trace, place)),
  };
}

/** What the board needs of an instant: every thread, how long its queue is, and its first chips. */
function lookAt(trace: Trace, place: number): number {
  const timeNs = ((place * 0.618_033_988_75) % 1) * trace.table.endNs;
  const started = performance.now();
  for (const thread of trace.history.at(timeNs).threads) void thread.waiting.user.first(CHIPS);
  return performance.now() - started;
}

function objectStore(): Store {
  const rows: object[] = [];
  return {
    length: () => rows.length,
    append: (records) => {
      const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
      for (let at = 0; at < records.byteLength; at += RECORD_BYTES) {
        const flags = view.getUint16(at + HEAD.flags16 * 2, true);
        rows.push({
          timeNs: Number(view.getBigUint64(at, true)),
          kind: view.getUint16(at + HEAD.kind16 * 2, true),
          thread: view.getUint16(at + HEAD.thread16 * 2, true),
          call: view.getUint16(at + HEAD.call16 * 2, true),
          subject: view.getUint32(at + HEAD.subject32 * 4, true),
          value: view.getBigUint64(at + HEAD.valueLow32 * 4, true),
          arguments: moreCount(flags) === 0 ? [] : [view.getBigUint64(at + RECORD_BYTES + 8, true)],
        });
        at += moreCount(flags) * RECORD_BYTES;
      }
    },
  };
}

const memory = (): number => {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

const share = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;

function measure(store: Store, session: SyntheticSession, events: number): Figures {
  const before = memory();
  const batches: number[] = [];
  let totalMs = 0;
  while (store.length() < events) {
    const records = session.next(Math.min(BATCH_EVENTS, events));
    const had = store.length();
    const started = performance.now();
    store.append(records);
    const tookMs = performance.now() - started;
    totalMs += tookMs;
    batches.push((tookMs * 1e6) / (store.length() - had));
  }
  const bytesAnEvent = (memory() - before) / store.length();
  const looks = (store.look?.() ?? []).sort((a, b) => a - b);
  const sorted = batches.toSorted((a, b) => a - b);
  return {
    bytesAnEvent,
    medianNs: share(sorted, 0.5),
    meanNs: (totalMs * 1e6) / store.length(),
    worstBatchMs: (sorted.at(-1)! * BATCH_EVENTS) / 1e6,
    ...(looks.length > 0 && {
      atP50Ms: share(looks, 0.5),
      atP95Ms: share(looks, 0.95),
      atMaxMs: looks.at(-1)!,
    }),
  };
}

const [kind, shape, events, threads, deepest] = process.argv.slice(2);
const store = kind === 'objects' ? objectStore() : traceStore();
const session = new SyntheticSession(shape as Shape, { threads: Number(threads), deepest: Number(deepest) });
process.stdout.write(`${JSON.stringify(measure(store, session, Number(events)))}\n`);
