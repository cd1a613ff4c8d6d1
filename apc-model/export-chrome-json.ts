import type { EventTable } from './event-table.ts';
import type { ThreadIndex } from './event.ts';
import { SliceFold, type Slice, type SliceFacts, type SliceSink } from './export-slices.ts';
import type { ExportEnd, ExportRange, ExportRows, ExportWriter } from './export-writer.ts';
import { durationText } from './call-text.ts';
import type { TraceMeta } from './trace.ts';

/** All threads belong to one process. The first track has the process's number: Perfetto shows it as the main thread. */
const PROCESS = 1;
const trackOf = (thread: ThreadIndex): number => thread + 1;
/** Stretches in which a thread was suspended overlap its others: they have a track of their own below it. */
const SUSPENDED_TRACKS = 100_000;

/**
 * The Trace Event Format of Chrome (the object form), for Perfetto, speedscope and chrome://tracing. A track a thread:
 *
 *     worker-1   ├─ worker-1 ──────────────────────────────────┤    complete events (X), nested
 *                │  ├─ SleepEx(5000, TRUE) ─────────────┤      │
 *                │  │        ├─ APC A ─┤├─ APC B ─┤      │      │
 *     main       ├─ QueueUserAPC(A, …) ─┤  ↑ flow (s, f) from the queuing call
 *
 * with counters of each thread's queue and instants for what has no length. Times are microseconds with three decimals:
 * nanoseconds. A slice is written when it closes, in the place of its beginning as long as that has not been handed out;
 * readers sort by time, and of two that begin at once they take the longer one for the outer.
 *
 * Every event has its `ph`, `ts` and `dur` before anything that has text in it, and `traceEvents` comes first: Perfetto's
 * tokenizer reads no further than it must and knows no \u escapes.
 */
export class ChromeJsonWriter implements ExportWriter, SliceSink {
  readonly #meta: TraceMeta;
  readonly #range: ExportRange;
  readonly #fold = new SliceFold(this);
  readonly #lines = new Lines();
  readonly #tracks = new Set<number>();
  readonly #counterNames = new Map<ThreadIndex, string>();
  readonly #counted = new Map<ThreadIndex, number>();
  /** The table whose names hold now. */
  #table: EventTable | undefined;
  #isIn = false;

  constructor(meta: TraceMeta, range: ExportRange) {
    this.#meta = meta;
    this.#range = range;
  }

  begin(): string {
    const name = `${this.#meta.title} · ${this.#meta.engineLabel}`;
    return `{"traceEvents":[\n${metadata('process_name', PROCESS, { name })}`;
  }

  take({ table, first, from, to, inRange }: ExportRows): string {
    this.#table = table;
    if (inRange) this.#enterRange();
    for (let at = from; at < to; at++) this.#fold.take(table, at, first + at);
    return this.#lines.handOut();
  }

  end(end: ExportEnd): string {
    this.#enterRange();
    const why = {
      end: 'at the end of the trace',
      range: 'at the end of the range',
      damage: 'where the file breaks off',
    };
    this.#fold.finish(Math.max(end.endNs, this.#range.fromNs), why[end.by]);
    return `${this.#lines.handOut()}\n],"displayTimeUnit":"ns","otherData":${jsonOf(this.#otherData(end))}}\n`;
  }

  #otherData(end: ExportEnd): SliceFacts {
    const { engine, engineLabel, os, startedUnixMs, title } = this.#meta;
    const { fromNs, toNs } = this.#range;
    return {
      title,
      engine,
      engineLabel,
      os,
      started: new Date(startedUnixMs).toISOString(),
      clock: 'ts counts microseconds since the session was opened',
      from: fromNs > 0 ? durationText(fromNs) : undefined,
      to: Number.isFinite(toNs) ? durationText(toNs) : undefined,
      events: end.events,
      lostEvents: end.lostEvents,
      warning: end.warning,
      madeBy: 'Alertable',
    };
  }

  opened(slice: Slice): void {
    if (!this.#isIn) return;
    this.#needTrack(slice);
    slice.place = this.#lines.keepPlace();
  }

  /** Where two begin and end at once, their order in the file says which is the outer one. */
  closing(slice: Slice): void {
    if (this.#isIn && !this.#lines.hasPlace(slice.place)) slice.place = this.#lines.keepPlace();
  }

  closed(slice: Slice, timeNs: number): void {
    if (!this.#isIn) return;
    const { fromNs } = this.#range;
    const isCut = slice.beganNs < fromNs;
    // What ends as the range begins would be there without a length, before what holds it: speedscope is led astray by that.
    if (isCut && timeNs <= fromNs) return;
    this.#needTrack(slice);
    if (isCut) slice.facts['clipped'] = `began ${durationText(fromNs - slice.beganNs)} before the range`;
    const beginNs = isCut ? fromNs : slice.beganNs;
    // Another thread's clock may have told the one end, and be behind.
    const endNs = Math.max(beginNs, timeNs);
    const line = `,\n{"ph":"X","ts":${micros(beginNs)},"dur":${micros(endNs - beginNs)},"pid":1,"tid":${trackOfSlice(
      slice,
    )},"cat":"${slice.type}","name":${jsonText(slice.name)},"args":${jsonOf(slice.facts)}}`;
    this.#lines.put(slice.place, line);
    slice.isWritten = true;
    this.#arrows(slice);
  }

  instant(thread: ThreadIndex, timeNs: number, name: string, facts: SliceFacts, everywhere = false): void {
    if (!this.#isIn) return;
    const track = trackOf(thread);
    this.#track(track, thread, false);
    this.#lines.add(
      `,\n{"ph":"i","ts":${micros(this.#clip(timeNs))},"s":"${everywhere ? 'p' : 't'}","pid":1,"tid":${track},"cat":"${
        everywhere ? 'notice' : 'event'
      }","name":${jsonText(name)},"args":${jsonOf(facts)}}`,
    );
  }

  depth(thread: ThreadIndex, timeNs: number, depth: number): void {
    if (!this.#isIn) return;
    // Told by several threads, whose clocks may differ by a little: the order of events counts.
    const last = Math.max(this.#clip(timeNs), this.#counted.get(thread) ?? 0);
    this.#counted.set(thread, last);
    const name = this.#counterName(thread);
    this.#lines.add(
      `,\n{"ph":"C","ts":${micros(last)},"pid":1,"tid":${trackOf(thread)},"name":${name},"args":{"APCs":${depth}}}`,
    );
  }

  #clip(timeNs: number): number {
    return Math.max(timeNs, this.#range.fromNs);
  }

  /** What waits at the beginning of the range is told there. */
  #enterRange(): void {
    if (this.#isIn) return;
    this.#isIn = true;
    for (const [thread, depth] of this.#fold.depths()) this.depth(thread, this.#range.fromNs, depth);
  }

  /** An arrow has both its ends in slices that are written: it waits for the later one. */
  #arrows(slice: Slice): void {
    for (const apc of slice.waiting ?? []) this.#arrow(slice, apc);
    slice.waiting = undefined;
    const { from } = slice;
    if (slice.type !== 'apc' || from === undefined) return;
    if (from.isWritten) this.#arrow(from, slice);
    else if (from.beganNs >= this.#range.fromNs) (from.waiting ??= []).push(slice);
    slice.from = undefined;
  }

  #arrow(from: Slice, apc: Slice): void {
    if (from.beganNs < this.#range.fromNs || apc.beganNs < this.#range.fromNs) return;
    // One that clocks show backwards is drawn by nobody.
    if (apc.beganNs < from.beganNs) return;
    const rest = `"pid":1,"cat":"apc","name":"APC","id":${apc.apc}`;
    this.#lines.add(`,\n{"ph":"s","ts":${micros(from.beganNs)},"tid":${trackOfSlice(from)},${rest}}`);
    this.#lines.add(`,\n{"ph":"f","ts":${micros(apc.beganNs)},"tid":${trackOfSlice(apc)},${rest},"bp":"e"}`);
  }

  #needTrack(slice: Slice): void {
    this.#track(trackOfSlice(slice), slice.thread, slice.type === 'suspended');
  }

  #track(track: number, thread: ThreadIndex, isSuspended: boolean): void {
    if (this.#tracks.has(track)) return;
    this.#tracks.add(track);
    const own = this.#table?.threadName(thread) ?? `thread ${thread}`;
    const osThreadId = this.#fold.osThreadId(thread);
    const name = isSuspended ? `${own}: suspended` : osThreadId === 0 ? own : `${own} (${osThreadId})`;
    this.#lines.add(`,\n${metadata('thread_name', track, { name })}`);
    const place = { sort_index: thread * 2 + (isSuspended ? 1 : 0) };
    this.#lines.add(`,\n${metadata('thread_sort_index', track, place)}`);
  }

  /** As JSON. Counters of one name would be one counter. */
  #counterName(thread: ThreadIndex): string {
    let json = this.#counterNames.get(thread);
    if (json === undefined) {
      const name = `user APCs waiting for ${this.#table?.threadName(thread) ?? `thread ${thread}`}`;
      const isTaken = [...this.#counterNames.values()].includes(jsonText(name));
      json = jsonText(isTaken ? `${name} (${thread})` : name);
      this.#counterNames.set(thread, json);
    }
    return json;
  }
}

const trackOfSlice = ({ type, thread }: Slice): number =>
  type === 'suspended' ? SUSPENDED_TRACKS + thread : trackOf(thread);

/** Some readers want a time in every event. */
const metadata = (name: string, track: number, args: SliceFacts): string =>
  `{"ph":"M","ts":0,"pid":1,"tid":${track},"name":"${name}","args":${jsonOf(args)}}`;

/** Nanoseconds as microseconds, to the digit. */
function micros(ns: number): string {
  const whole = Math.floor(ns / 1000);
  const rest = Math.round(ns - whole * 1000);
  if (rest === 0) return String(whole);
  return `${whole}.${rest < 10 ? '00' : rest < 100 ? '0' : ''}${rest}`;
}

// eslint-disable-next-line no-control-regex -- they are what must go
const CONTROL = /[\u0000-\u001f\u007f]/g;
// eslint-disable-next-line no-control-regex -- as above
const NOT_PLAIN = /[\u0000-\u001f\u007f"\\]/;

/** A JSON string without a \u escape in it. */
const jsonText = (text: string): string =>
  NOT_PLAIN.test(text) ? JSON.stringify(text.replace(CONTROL, '\ufffd')) : `"${text}"`;

function jsonOf(facts: SliceFacts): string {
  let text = '';
  for (const key in facts) {
    const value = facts[key];
    if (value === undefined) continue;
    const json =
      typeof value === 'number'
        ? String(value)
        : typeof value === 'string'
          ? jsonText(value)
          : `[${value.map(jsonInteger).join(',')}]`;
    text += `${text === '' ? '' : ','}"${key}":${json}`;
  }
  return `{${text}}`;
}

/** Beyond 2^53 a reader would round it. */
const jsonInteger = (value: bigint): string =>
  value <= 0x1fffffffffffffn ? String(value) : `"0x${value.toString(16)}"`;

/** Lines in the making: a place can be kept for one that comes later, until the lines around it are handed out. */
class Lines {
  #lines: string[] = [];
  /** The number of the first of them. */
  #first = 0;

  add(line: string): void {
    this.#lines.push(line);
  }

  keepPlace(): number {
    return this.#first + this.#lines.push('') - 1;
  }

  /** Is it kept, and not handed out? */
  hasPlace(place: number): boolean {
    return place >= this.#first;
  }

  put(place: number, line: string): void {
    if (this.hasPlace(place)) this.#lines[place - this.#first] = line;
    else this.#lines.push(line);
  }

  handOut(): string {
    const text = this.#lines.join('');
    this.#first += this.#lines.length;
    this.#lines = [];
    return text;
  }
}
