import type { EventRecords } from './column-records.ts';
import { FLAG_MORE, HEAD, Kind, RECORD_BYTES, moreCount } from './event.ts';
import { joinBytes } from './join-bytes.ts';

/**
 * Where events keep their names. A `defined` or `marker` record says where in a text table its name begins. Three tables
 * are in use: the native session's, a consumer's (EventTable: all texts that it was ever given, in a row), and a batch's
 * own, so that it can be kept, written and sent by itself. Main keeps batches of the last kind.
 */

const WORDS = RECORD_BYTES / 4;
const HALVES = RECORD_BYTES / 2;
const NOTHING = new Uint8Array(0);

/** Moves the names of a batch by so many bytes: from its own table to where that lies in a larger one. In place. */
export function moveTexts(records: Uint8Array, by: number): void {
  if (by !== 0) eachName(records, (words, at) => (words[at + HEAD.valueHigh32]! += by));
}

/** Gives batches that refer to one growing table tables of their own. */
export class TextDivider {
  #table = new Uint8Array(1024);
  #used = 0;

  /**
   * @param records refer to all texts given so far; changed in place
   * @param newText what the table gained
   */
  divide(records: Uint8Array, newText: Uint8Array): EventRecords {
    this.#append(newText);
    const names: Uint8Array[] = [];
    let bytes = 0;
    eachName(records, (words, at) => {
      const offset = words[at + HEAD.valueHigh32]!;
      const name = this.#table.slice(
        offset,
        Math.min(this.#used, offset + (words[at + HEAD.valueLow32]! >>> 16)),
      );
      words[at + HEAD.valueHigh32] = bytes;
      names.push(name);
      bytes += name.length;
    });
    return { records, text: names.length === 0 ? NOTHING : joinBytes(names) };
  }

  #append(text: Uint8Array): void {
    if (this.#used + text.length > this.#table.length) {
      const larger = new Uint8Array(Math.max(this.#table.length * 2, this.#used + text.length));
      larger.set(this.#table.subarray(0, this.#used));
      this.#table = larger;
    }
    this.#table.set(text, this.#used);
    this.#used += text.length;
  }
}

/** The record at which each event begins, and behind the last one the number of records. */
export function eventStarts(records: Uint8Array, events: number): Uint32Array {
  const halves = halvesOf(records);
  const starts = new Uint32Array(events + 1);
  let record = 0;
  for (let event = 0; event < events; event++) {
    starts[event] = record;
    record += 1 + moreCount(halves[record * HALVES + HEAD.flags16]!);
  }
  starts[events] = record;
  return starts;
}

/** The time of a batch's first event. */
export function firstTimeNs(records: Uint8Array): number {
  const words = new Uint32Array(records.buffer, records.byteOffset, WORDS);
  return words[HEAD.timeHigh32]! * 0x1_0000_0000 + words[HEAD.timeLow32]!;
}

/** The time of a batch's last event; 0 where it has none. */
export function lastTimeNs(records: Uint8Array, events: number): number {
  if (events === 0) return 0;
  const words = new Uint32Array(records.buffer, records.byteOffset, records.byteLength / 4);
  const at = eventStarts(records, events)[events - 1]! * WORDS;
  return words[at + HEAD.timeHigh32]! * 0x1_0000_0000 + words[at + HEAD.timeLow32]!;
}

/** Some events of a batch with the names that they define, as a batch of its own. */
export function sliceEvents(
  batch: EventRecords & { events: number },
  from: number,
  count: number,
): EventRecords {
  const starts = eventStarts(batch.records, batch.events);
  const records = batch.records.slice(starts[from]! * RECORD_BYTES, starts[from + count]! * RECORD_BYTES);
  return new TextDivider().divide(records, batch.text);
}

/** @param records at a multiple of four bytes in their buffer */
function eachName(records: Uint8Array, see: (words: Uint32Array, at: number) => void): void {
  const halves = halvesOf(records);
  const words = new Uint32Array(records.buffer, records.byteOffset, records.byteLength / 4);
  const count = records.byteLength / RECORD_BYTES;
  for (let record = 0; record < count;) {
    const kind = halves[record * HALVES + HEAD.kind16]!;
    const flags = halves[record * HALVES + HEAD.flags16]!;
    if (kind === Kind.defined || kind === Kind.marker) see(words, record * WORDS);
    record += (flags & FLAG_MORE) === 0 ? 1 : 1 + moreCount(flags);
  }
}

const halvesOf = (records: Uint8Array): Uint16Array =>
  new Uint16Array(records.buffer, records.byteOffset, records.byteLength / 2);
