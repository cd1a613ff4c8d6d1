import { type Message, RecordBatch, RecordBatchStreamWriter, Schema } from 'apache-arrow';
import { CHECKSUM_DIGITS, CHECKSUM_KEY, PREFIX_BYTES, readMessageHead } from './arrow-message.ts';
import { ColumnBuilder } from './column-builder.ts';
import { RECORD_BYTES, HEAD, moreCount, type EventIndex } from './event.ts';
import { joinBytes } from './join-bytes.ts';
import { checksumOfMessage } from './trace-decoder.ts';
import { FIELDS, writeMeta } from './trace-format.ts';
import type { TraceMeta } from './trace.ts';

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
  readonly #names = new TextTable();
  #hasWritten = false;

  constructor(meta: TraceMeta) {
    this.#schema = new Schema(FIELDS, writeMeta(meta));
  }

  /** Events that are in no batch yet. */
  get pending(): number {
    return this.#columns.rows;
  }

  /**
   * Takes events as EventTable.appendRecords does.
   * @returns the batches that became full
   */
  append(records: Uint8Array, text?: Uint8Array): EncodedBatch[] {
    if (text !== undefined) this.#names.append(text);
    const names = this.#names.bytes;
    // A copy, not slice(): that of a Node Buffer is a view.
    const aligned = records.byteOffset % 8 === 0 ? records : new Uint8Array(records);
    const words32 = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
    const words16 = new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 2);
    const words = { words32, words16 };
    const count = aligned.byteLength / RECORD_BYTES;
    const full: EncodedBatch[] = [];
    for (let record = 0; record < count;) {
      this.#columns.add(words, record, names);
      record += 1 + moreCount(words16[record * 16 + HEAD.flags16]!);
      if (this.#columns.isFull) full.push(this.#close());
    }
    return full;
  }

  /** Closes the batch that has been begun, if there is one. */
  flush(): EncodedBatch | undefined {
    return this.#columns.rows === 0 ? undefined : this.#close();
  }

  /** What is left, and the end-of-stream mark. A session without an event still has its schema. */
  end(): Uint8Array[] {
    const last = this.#hasWritten ? this.flush() : this.#close();
    this.#writer.finish();
    return [...(last === undefined ? [] : [last.bytes]), this.#writer.take()];
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

/** UTF-8 that grows at its end. */
class TextTable {
  #bytes = new Uint8Array(1024);
  #used = 0;

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#used);
  }
  append(text: Uint8Array): void {
    if (this.#used + text.length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#used + text.length));
      larger.set(this.bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(text, this.#used);
    this.#used += text.length;
  }
}
