import type { EventRecords } from './column-records.ts';
import {
  FLAG_INFERRED,
  FLAG_MORE,
  HEAD,
  KIND_MORE,
  Kind,
  MORE,
  RECORD_BYTES,
  VALUES_OF_MORE,
  WHAT_ARGUMENTS,
  type EventIndex,
} from './event.ts';
import type { EventTable } from './event-table.ts';
import { joinBytes } from './join-bytes.ts';

/**
 * Events of a table as records, the form in which they travel and are encoded.
 * @param to one past the last
 * @param firstText where their names begin: 0 for a text table of their own, as an encoder takes them
 */
export function recordsOfTable(
  table: EventTable,
  from: EventIndex,
  to: EventIndex,
  firstText = 0,
): EventRecords {
  const encoder = new TextEncoder();
  const moreOf = (index: EventIndex): number => Math.ceil(table.argumentCount(index) / VALUES_OF_MORE);
  let count = to - from;
  for (let index = from; index < to; index++) count += moreOf(index);
  const view = new DataView(new ArrayBuffer(count * RECORD_BYTES));
  const names: Uint8Array[] = [];
  let textAt = firstText;
  let at = 0;
  for (let index = from; index < to; index++) {
    const kind = table.kind(index);
    const more = moreOf(index);
    const timeNs = table.timeNs(index);
    let low = table.valueLow(index);
    let high = table.valueHigh(index);
    const name = kind === Kind.defined || kind === Kind.marker ? table.text(index) : undefined;
    if (name !== undefined) {
      const bytes = encoder.encode(name).subarray(0, 0xffff);
      names.push(bytes);
      low = ((low & 0xffff) | (bytes.length << 16)) >>> 0;
      high = textAt;
      textAt += bytes.length;
    }
    const inferred = table.isInferred(index) ? FLAG_INFERRED : 0;
    view.setUint32(at + HEAD.timeLow32 * 4, timeNs >>> 0, true);
    view.setUint32(at + HEAD.timeHigh32 * 4, Math.floor(timeNs / 0x1_0000_0000), true);
    view.setUint32(at + HEAD.ticket32 * 4, index, true);
    view.setUint16(at + HEAD.kind16 * 2, kind, true);
    view.setUint16(at + HEAD.flags16 * 2, inferred | (more > 0 ? FLAG_MORE | (more << 8) : 0), true);
    view.setUint16(at + HEAD.thread16 * 2, table.thread(index), true);
    view.setUint16(at + HEAD.call16 * 2, table.call(index), true);
    view.setUint32(at + HEAD.subject32 * 4, table.subject(index), true);
    view.setUint32(at + HEAD.valueLow32 * 4, low, true);
    view.setUint32(at + HEAD.valueHigh32 * 4, high, true);
    at += RECORD_BYTES;
    const values = table.arguments(index);
    for (let item = 0; item < values.length; item += VALUES_OF_MORE, at += RECORD_BYTES) {
      const held = values.slice(item, item + VALUES_OF_MORE);
      view.setUint16(at + MORE.kind16 * 2, KIND_MORE, true);
      view.setUint16(at + MORE.what16 * 2, WHAT_ARGUMENTS, true);
      view.setUint32(at + MORE.count32 * 4, held.length, true);
      held.forEach((value, place) =>
        view.setBigUint64(at + (MORE.firstValue32 + place * 2) * 4, value, true),
      );
    }
  }
  return { records: new Uint8Array(view.buffer), text: joinBytes(names) };
}
