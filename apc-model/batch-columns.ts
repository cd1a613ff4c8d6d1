import type { BatchLayout } from './arrow-message.ts';
import type { Place } from './flatbuffer.ts';
import { BATCH_ROWS, FIELDS } from './trace-format.ts';
import { TraceFileError } from './trace-file-error.ts';

/** One bit a row; undefined where every row has it. */
type Bits = Uint8Array | undefined;

export interface NullableWords {
  valid: Bits;
  values: Uint32Array;
}
export interface Lists {
  valid: Bits;
  /** Row i has the items from offsets[i] up to offsets[i + 1]; rises, begins at 0. */
  offsets: Int32Array;
}

/** One batch's columns as they lie in the file. 64-bit numbers are two words each, the low one first. */
export interface BatchColumns {
  rows: number;
  index: Uint32Array;
  timeNs: Uint32Array;
  thread: Uint16Array;
  kind: Uint8Array;
  call: Uint8Array;
  apc: NullableWords;
  object: NullableWords;
  result: NullableWords;
  lastError: NullableWords;
  value: Uint32Array;
  args: Lists & { values: Uint32Array };
  inferred: Uint8Array;
  text: Lists & { bytes: Uint8Array };
}

/** The items of `args` have a node of their own. */
export const BATCH_NODES = FIELDS.length + 1;
/** Validity and values of each, offsets too of `args` and `text`. */
export const BATCH_BUFFERS = BATCH_NODES * 2 + 1;

export const hasBit = (bits: Uint8Array, row: number): boolean => (bits[row >> 3]! & (1 << (row & 7))) !== 0;

/**
 * Views on a batch's body. Everything that a later look relies on is checked here: lengths, offsets and null counts.
 * @param body at a multiple of eight bytes in its buffer
 */
export function readColumns(body: Uint8Array, { rows, nodes, buffers }: BatchLayout): BatchColumns {
  if (rows > BATCH_ROWS) throw new TraceFileError(`a batch has ${rows} events and the most is ${BATCH_ROWS}`);
  let node = 0;
  let buffer = 0;
  const take = (bytes: number): Uint8Array => {
    const { at, length } = buffers[buffer++]!;
    if (length < bytes) throw new TraceFileError('a column is shorter than its rows');
    return body.subarray(at, at + bytes);
  };
  const words = (count: number): Uint32Array => {
    const bytes = take(count * 4);
    return new Uint32Array(bytes.buffer, bytes.byteOffset, count);
  };
  const validity = (length: number): Bits => {
    const { length: told, nulls } = nodes[node++]!;
    if (told !== length) throw new TraceFileError('a column has more or fewer rows than its batch');
    if (buffers[buffer]!.length > 0 && nulls > 0) {
      const bits = take((length + 7) >> 3);
      if (length - countBits(bits, length) !== nulls)
        throw new TraceFileError('a column has more or fewer nulls than it says');
      return bits;
    }
    if (nulls !== 0) throw new TraceFileError('a column does not say which of its rows are null');
    buffer++;
    return undefined;
  };
  const plain = <Column>(read: () => Column): Column => {
    if (validity(rows) !== undefined) throw new TraceFileError('a column has nulls that can have none');
    return read();
  };
  const nullable = (): NullableWords => ({ valid: validity(rows), values: words(rows) });
  const offsets = (): Int32Array => {
    const found = words(rows + 1);
    const signed = new Int32Array(found.buffer, found.byteOffset, rows + 1);
    let before = 0;
    for (const offset of signed) {
      if (offset < before) throw new TraceFileError('a list ends before it begins');
      before = offset;
    }
    if (signed[0] !== 0) throw new TraceFileError('its lists do not begin at their begin');
    return signed;
  };
  return {
    rows,
    index: plain(() => words(rows)),
    timeNs: plain(() => words(rows * 2)),
    thread: plain(() => {
      const bytes = take(rows * 2);
      return new Uint16Array(bytes.buffer, bytes.byteOffset, rows);
    }),
    kind: plain(() => take(rows)),
    call: plain(() => take(rows)),
    apc: nullable(),
    object: nullable(),
    result: nullable(),
    lastError: nullable(),
    value: plain(() => words(rows * 2)),
    args: (() => {
      const valid = validity(rows);
      const places = offsets();
      const items = places[rows]!;
      if (validity(items) !== undefined) throw new TraceFileError('a list has nulls that can have none');
      return { valid, offsets: places, values: words(items * 2) };
    })(),
    inferred: plain(() => take((rows + 7) >> 3)),
    text: (() => {
      const valid = validity(rows);
      const places = offsets();
      return { valid, offsets: places, bytes: take(places[rows]!) };
    })(),
  };
}

/** The texts of a dictionary's body. */
export function readTexts(body: Uint8Array, { rows, buffers }: BatchLayout, most: number): string[] {
  if (rows > most) throw new TraceFileError(`a list of names has ${rows}, and the most is ${most}`);
  const part = ({ at, length }: Place): Uint8Array => body.subarray(at, at + length);
  const [, offsetBytes, textBytes] = buffers.map(part);
  if (offsetBytes!.length < (rows + 1) * 4) throw new TraceFileError('a list of names is cut');
  const offsets = new Int32Array(offsetBytes!.buffer, offsetBytes!.byteOffset, rows + 1);
  const utf8 = new TextDecoder();
  return Array.from({ length: rows }, (_, row) => {
    const [from, to] = [offsets[row]!, offsets[row + 1]!];
    if (from < 0 || to < from || to > textBytes!.length) throw new TraceFileError('a list of names is cut');
    return utf8.decode(textBytes!.subarray(from, to));
  });
}

function countBits(bits: Uint8Array, length: number): number {
  let count = 0;
  for (let byte = 0; byte < bits.length; byte++) {
    let left = bits[byte]!;
    const beyond = (byte + 1) * 8 - length;
    if (beyond > 0) left &= 0xff >> beyond;
    for (; left !== 0; left &= left - 1) count++;
  }
  return count;
}
