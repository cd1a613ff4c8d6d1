import { type Message, RecordBatch, RecordBatchStreamWriter, Schema } from 'apache-arrow';
import { CHECKSUM_DIGITS, CHECKSUM_KEY, PREFIX_BYTES, readMessageHead } from './arrow-message.ts';
import { ColumnBuilder } from './column-builder.ts';
import { RECORD_BYTES, HEAD, moreCount, type EventIndex } from './event.ts';
import { joinBytes } from './join-bytes.ts';
import { checksumOfMessage } from './trace-decoder.ts';
import { FIELDS, writeMeta } from './trace-format.ts';
import type { TraceMeta } from './trace.ts';

/** What follows a stream's last batch. */
export const END_OF_STREAM = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);

const NOTHING = new Uint8Array(0);

/** One batch as it goes into the file; the first has the schema and the dictionaries in front of it. */
export interface EncodedBatch {
  bytes: Uint8Array;
  first: EventIndex;
  events: number;
}

/**
 * Writes a trace as an Arrow IPC stream: what it answers, in order, is the file. Work is spread evenly: an event costs
 * when it is appended, and a batch a few milliseconds when it is closed.
 */
export class TraceEncoder {
  readonly #schema: Schema;
  readonly #writer = new MessageWriter({ autoDestroy: false });
  readonly #columns = new ColumnBuilder();
  #hasWritten = false;

  constructor(meta: TraceMeta) {
    this.#schema = new Schema(FIELDS, writeMeta(meta));
  }

  /** Events so far: the index of the next one. */
  get events(): number {
    return this.#columns.firstIndex + this.#columns.rows;
  }

  /**
   * Takes events in order.
   * @param records whole groups (a head and its `more` records)
   * @param text the names that these events define: their offsets count from its begin (record-texts.ts)
   * @returns the batches that became full
   */
  append(records: Uint8Array, text: Uint8Array = NOTHING): EncodedBatch[] {
    // A copy, not slice(): that of a Node Buffer is a view.
    const aligned = records.byteOffset % 8 === 0 ? records : new Uint8Array(records);
    const words32 = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
    const words16 = new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 2);
    const words = { words32, words16 };
    const count = aligned.byteLength / RECORD_BYTES;
    const full: EncodedBatch[] = [];
    for (let record = 0; record < count;) {
      this.#columns.add(words, record, text);
      record += 1 + moreCount(words16[record * 16 + HEAD.flags16]!);
      if (this.#columns.isFull) full.push(this.#close());
    }
    return full;
  }

  /** Closes the batch that has been begun, if there is one. The first, which brings the schema, may be without events. */
  flush(): EncodedBatch | undefined {
    return this.#columns.rows === 0 && this.#hasWritten ? undefined : this.#close();
  }

  /** What is left, and the end-of-stream mark. */
  end(): Uint8Array {
    const last = this.flush();
    return last === undefined ? END_OF_STREAM : joinBytes([last.bytes, END_OF_STREAM]);
  }

  #close(): EncodedBatch {
    const { firstIndex, rows } = this.#columns;
    this.#writer.write(new RecordBatch(this.#schema, this.#columns.data()));
    // The writer holds views on the columns until its bytes are taken.
    const bytes = this.#writer.take();
    this.#columns.clear();
    this.#hasWritten = true;
    return { bytes, first: firstIndex, events: rows };
  }
}

/** A stream writer whose bytes can be taken, each message with its checksum in it. */
class MessageWriter extends RecordBatchStreamWriter {
  #parts: Uint8Array[] = [];
  #bytes = 0;
  /** Where each message begins. */
  #messages: number[] = [];

  protected override _write(chunk: ArrayBufferView): this {
    if (!this._started) return this;
    this.#parts.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    this.#bytes += chunk.byteLength;
    return this;
  }

  protected override _writeMessage(message: Message, alignment?: number): this {
    this.#messages.push(this.#bytes);
    message.metadata.set(CHECKSUM_KEY, '0'.repeat(CHECKSUM_DIGITS));
    return super._writeMessage(message, alignment);
  }

  take(): Uint8Array {
    const whole = joinBytes(this.#parts);
    this.#messages.forEach((begin, one) =>
      sign(whole.subarray(begin, this.#messages[one + 1] ?? whole.length)),
    );
    this.#parts = [];
    this.#bytes = 0;
    this.#messages = [];
    return whole;
  }
}

/** Puts a message's checksum where zeros keep its place. */
function sign(message: Uint8Array): void {
  const length = new DataView(message.buffer, message.byteOffset).getInt32(4, true);
  const prefix = message.subarray(0, PREFIX_BYTES);
  const description = message.subarray(PREFIX_BYTES, PREFIX_BYTES + length);
  const place = readMessageHead(description).checksum!;
  const body = message.subarray(PREFIX_BYTES + length);
  const digits = checksumOfMessage(prefix, description, body, place);
  description.set(new TextEncoder().encode(digits), place.at);
}
