import { hasBit, type BatchColumns } from './batch-columns.ts';
import type { EventCheck } from './event-check.ts';
import {
  FLAG_INFERRED,
  FLAG_MORE,
  HEAD,
  KIND_MORE,
  Kind,
  MORE,
  RECORD_BYTES,
  SUBJECT_NONE,
  VALUES_OF_MORE,
  WHAT_ARGUMENTS,
} from './event.ts';
import { joinBytes } from './join-bytes.ts';
import { isAboutApc } from './trace-columns.ts';
import { LIMITS } from './trace-format.ts';
import { TraceFileError } from './trace-file-error.ts';

const WORDS = RECORD_BYTES / 4;
const HALVES = RECORD_BYTES / 2;

/** Events in the form in which they travel: what EventTable.appendRecords takes. */
export interface EventRecords {
  records: Uint8Array;
  /** The names that these events define, in order; their offsets begin at `firstText`. */
  text: Uint8Array;
}

/** What stands in the way of one row: its event, for those who say where a file is damaged. */
export class RowError extends TraceFileError {
  readonly row: number;
  constructor(row: number, cause: TraceFileError) {
    super(cause.message, { cause });
    this.row = row;
  }
}

/**
 * Rows as records, kinds and calls by their numbers.
 * @param firstText where this batch's names begin in the reader's own text table
 */
export function recordsOfColumns(columns: BatchColumns, check: EventCheck, firstText: number): EventRecords {
  const { rows, args, text } = columns;
  const items = args.offsets[rows]!;
  // Every list may end in a record that is not full.
  const records = new Uint8Array(
    (rows + Math.min(items, Math.ceil(items / VALUES_OF_MORE) + rows)) * RECORD_BYTES,
  );
  const words = new Uint32Array(records.buffer);
  const halves = new Uint16Array(records.buffer);
  const names: Uint8Array[] = [];
  let nameBytes = 0;
  let record = 0;
  for (let row = 0; row < rows; row++) {
    const kind = columns.kind[row]!;
    const from = args.offsets[row]!;
    const count = args.offsets[row + 1]! - from;
    const at = record * WORDS;
    let low = columns.value[row * 2]!;
    let high = columns.value[row * 2 + 1]!;
    let subject = SUBJECT_NONE;
    if (kind === Kind.log) {
      subject = low;
      low = 0;
    } else {
      const { valid, values } = isAboutApc(kind) ? columns.apc : columns.object;
      if (valid === undefined || hasBit(valid, row)) subject = values[row]!;
    }
    if (kind === Kind.defined || kind === Kind.marker) {
      const name = text.bytes.subarray(text.offsets[row], text.offsets[row + 1]);
      if (name.length > LIMITS.textBytes || firstText + nameBytes + name.length > LIMITS.allTextBytes)
        throw new RowError(row, new TraceFileError('its names are longer than any session can have'));
      low = ((low & 0xffff) | (name.length << 16)) >>> 0;
      high = firstText + nameBytes;
      if (name.length > 0) names.push(name);
      nameBytes += name.length;
    }
    const more = Math.ceil(count / VALUES_OF_MORE);
    try {
      if (count > LIMITS.argumentsOfEvent)
        throw new TraceFileError(`it has ${count} arguments and the most is ${LIMITS.argumentsOfEvent}`);
      const told = columns.timeNs[row * 2 + 1]! * 0x1_0000_0000 + columns.timeNs[row * 2]!;
      const timeNs = check.see(kind, columns.call[row]!, columns.thread[row]!, subject, low, high, told);
      words[at + HEAD.timeLow32] = timeNs >>> 0;
      words[at + HEAD.timeHigh32] = Math.floor(timeNs / 0x1_0000_0000);
    } catch (error) {
      throw error instanceof TraceFileError ? new RowError(row, error) : error;
    }
    const isInferred = hasBit(columns.inferred, row);
    words[at + HEAD.ticket32] = columns.index[row]!;
    halves[record * HALVES + HEAD.kind16] = kind;
    halves[record * HALVES + HEAD.flags16] =
      (isInferred ? FLAG_INFERRED : 0) | (more > 0 ? FLAG_MORE | (more << 8) : 0);
    halves[record * HALVES + HEAD.thread16] = columns.thread[row]!;
    halves[record * HALVES + HEAD.call16] = columns.call[row]!;
    words[at + HEAD.subject32] = subject;
    words[at + HEAD.valueLow32] = low;
    words[at + HEAD.valueHigh32] = high;
    record++;
    for (let item = 0; item < count; item += VALUES_OF_MORE, record++) {
      const held = Math.min(VALUES_OF_MORE, count - item);
      halves[record * HALVES + MORE.kind16] = KIND_MORE;
      halves[record * HALVES + MORE.what16] = WHAT_ARGUMENTS;
      words[record * WORDS + MORE.count32] = held;
      const source = (from + item) * 2;
      for (let word = 0; word < held * 2; word++)
        words[record * WORDS + MORE.firstValue32 + word] = args.values[source + word]!;
    }
  }
  return { records: records.subarray(0, record * RECORD_BYTES), text: joinBytes(names) };
}
