import type { EventIndex } from '../apc-model/event.ts';
import { moveTexts, sliceEvents } from '../apc-model/record-texts.ts';
import type { EventRecords } from '../apc-model/column-records.ts';
import { BatchReader } from '../apc-model/trace-reader.ts';
import type { TraceBatch } from '../apc-model/trace-decoder.ts';
import { FileSource } from './file-source.ts';
import { RecentEvents, type Batch } from './recent-events.ts';
import type { BatchIndex, IndexedBatch } from './batch-index.ts';

/** What main keeps of a session in memory; older events are read back from its recording. */
const RECENT_BYTES = 128 << 20;

/** Where a session is written to, and where in it everything lies. */
export interface RecordedFile {
  readonly path: string;
  readonly index: BatchIndex;
  /** Writes out what it still holds. */
  flush(): Promise<void>;
}

/** The events of a range as far as they can be had, or the range that can't. */
export type Found = { batch: Batch } | { missed: { from: EventIndex; to: EventIndex } };

/**
 * All events of a session, wherever they are: the latest in memory, the others in its recording. For pages that come late
 * or fall behind, and for ranges that they have let go.
 */
export class SessionLog {
  readonly recent: RecentEvents;
  readonly #file: RecordedFile;
  #reader: Promise<{ source: FileSource; batches: BatchReader }> | undefined;
  /** Ranges are asked for in a row: the batch of the file that was read last is kept. */
  #last: TraceBatch | undefined;
  #isClosed = false;

  /** @param recentBytes for tests: less than RECENT_BYTES */
  constructor(file: RecordedFile, recentBytes = RECENT_BYTES) {
    this.#file = file;
    this.recent = new RecentEvents(recentBytes);
  }

  /** One past the last event. */
  get end(): EventIndex {
    return this.recent.end;
  }

  push(batch: Batch): void {
    this.recent.push(batch);
  }

  /** At once, if it is in memory: from `from` on, up to `most` events of the batch that holds it. */
  recentFrom(from: EventIndex, most: number): Batch | undefined {
    const batch = this.recent.batchOf(from);
    return batch === undefined ? undefined : cut(batch, from, most);
  }

  /**
   * From `from` on, up to `most` events: from memory or from the recording, whichever has them.
   * @returns undefined at the session's end, or when it is not shown any more
   */
  async read(from: EventIndex, most: number): Promise<Found | undefined> {
    const present = this.recentFrom(from, most);
    if (present !== undefined) return { batch: present };
    if (from >= this.end || this.#isClosed) return undefined;
    if (this.#file.index.locate(from) === undefined) await this.#file.flush();
    const place = this.#file.index.locate(from);
    const held = place && this.#file.index.batchOf(place.inFile);
    if (place === undefined || held === undefined) return this.#missed(from);
    try {
      const read = await this.#batch(held);
      const begin = place.inFile - held.first;
      const count = Math.min(most, place.inRow, held.events - begin);
      return { batch: { ...sliceEvents(read, begin, count), first: from, events: count } };
    } catch {
      // The file went, or the disk failed: it is told like what was never written.
      return this.#missed(from, place.inRow);
    }
  }

  /** Nothing is read back any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const reader = this.#reader;
    this.#reader = undefined;
    await (await reader?.catch(() => undefined))?.source.close();
  }

  #missed(from: EventIndex, count = 1): Found {
    const later = this.#file.index.nextOnDisk(from + count);
    return { missed: { from, to: Math.min(later ?? this.recent.first, this.recent.first) } };
  }

  async #batch({ first, events, place }: IndexedBatch): Promise<TraceBatch> {
    if (this.#last?.first === first && this.#last.events === events) return this.#last;
    if (this.#isClosed) throw new Error('the session is not shown any more');
    this.#reader ??= openReader(this.#file.path);
    const { batches } = await this.#reader;
    this.#last = await batches.read(place, first);
    return this.#last;
  }
}

async function openReader(file: string): Promise<{ source: FileSource; batches: BatchReader }> {
  const source = await FileSource.open(file);
  try {
    return { source, batches: await BatchReader.open(source) };
  } catch (error) {
    await source.close();
    throw error;
  }
}

function cut(batch: Batch, from: EventIndex, most: number): Batch {
  const begin = from - batch.first;
  const count = Math.min(most, batch.events - begin);
  if (begin === 0 && count === batch.events) return batch;
  return { ...sliceEvents(batch, begin, count), first: from, events: count };
}

/** Batches in a row as one, with one text table. */
export function joinBatches(batches: readonly Batch[]): EventRecords {
  const records = new Uint8Array(batches.reduce((sum, one) => sum + one.records.length, 0));
  const text = new Uint8Array(batches.reduce((sum, one) => sum + one.text.length, 0));
  let at = 0;
  let textAt = 0;
  for (const batch of batches) {
    const place = records.subarray(at, at + batch.records.length);
    place.set(batch.records);
    if (batch.text.length > 0) moveTexts(place, textAt);
    text.set(batch.text, textAt);
    at += batch.records.length;
    textAt += batch.text.length;
  }
  return { records, text };
}
