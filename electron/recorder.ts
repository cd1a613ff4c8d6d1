import { open, type FileHandle } from 'node:fs/promises';
import { lostRecord } from '../apc-model/lost-record.ts';
import { firstTimeNs } from '../apc-model/record-texts.ts';
import { END_OF_STREAM, TraceEncoder, type EncodedBatch } from '../apc-model/trace-encoder.ts';
import type { TraceMeta } from '../apc-model/trace.ts';
import { BatchIndex } from './batch-index.ts';

/** A batch of the file closes after this long at the latest. */
const BATCH_MS = 250;
const SYNC_MS = 1000;
/** Batches of one write: in a storm the event loop has time for a hundred writes a second. */
const TOGETHER = 16;
/** What may wait for a slow or full disk; beyond it events are left out of the recording, and counted. */
const WAITING_BYTES = 64 << 20;
/** How often a disk that refused is tried again. */
const RETRY_MS = 2000;
/** After so much more on disk it is time to look at the folder's limit. */
const GROWTH_BYTES = 64 << 20;

/** What a recorder tells while it works. */
export interface RecorderListener {
  /** The disk refused. What was written is whole, and the disk is tried again. */
  paused: (error: Error) => void;
  /** The disk takes it again. */
  resumed: () => void;
  /** Events that the disk was too slow for: `count` in all so far are missing from the recording. */
  leftOut: (count: number) => void;
  /** Another GROWTH_BYTES are on disk. */
  grew: () => void;
}

export interface RecorderOptions {
  /** For tests: less than WAITING_BYTES. */
  waitingBytes?: number;
  retryMs?: number;
}

/**
 * Appends a session to an Arrow IPC stream on disk while it runs. A crash costs at most the last batch. A disk that
 * refuses pauses the recording, never the session: a batch that was written in part is cut off again, so that the file
 * ends whole, and what comes meanwhile waits in memory, up to a limit. What the limit leaves out stands in the recording
 * as one `lost` event, made here.
 */
export class Recorder {
  readonly path: string;
  /** Where each batch lies, for ranges that are read back. */
  readonly index = new BatchIndex();
  readonly #encoder: TraceEncoder;
  readonly #listener: RecorderListener;
  readonly #mostWaiting: number;
  readonly #retryMs: number;
  #waiting: EncodedBatch[] = [];
  #waitingBytes = 0;
  #takenBatches = 0;
  /** Who waits until so many of them are in the file. */
  #flushes: { batches: number; resolve: () => void }[] = [];
  /** Bytes of whole batches on disk. */
  #written = 0;
  #toldBytes = 0;
  /** Left out since the last event that was taken, and in all. */
  #gap = 0;
  #leftOut = 0;
  /** When the first of them happened. */
  #gapNs = 0;
  #batchTimer: NodeJS.Timeout | undefined;
  #syncTimer: NodeJS.Timeout | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #file: FileHandle | undefined;
  #writing: Promise<void> | undefined;
  #syncedAt = 0;
  #failure: Error | undefined;
  #closed: Promise<void> | undefined;
  #finished: Promise<void> | undefined;
  /** Its file is closed: what waits now never gets there. */
  #isOver = false;

  constructor(path: string, meta: TraceMeta, listener: RecorderListener, options: RecorderOptions = {}) {
    this.path = path;
    this.#encoder = new TraceEncoder(meta);
    this.#listener = listener;
    this.#mostWaiting = options.waitingBytes ?? WAITING_BYTES;
    this.#retryMs = options.retryMs ?? RETRY_MS;
    // The schema at once: whatever happens next, it is a trace that can be opened.
    this.#closeBatch();
  }

  /** Why the disk does not take the recording at present. */
  get failure(): Error | undefined {
    return this.#failure;
  }
  /** Events that are missing from the recording. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /**
   * Takes events (see TraceEncoder.append).
   * @param events how many they are
   */
  append(records: Uint8Array, text: Uint8Array, events: number): void {
    if (this.#closed !== undefined) return;
    if (this.#waitingBytes > this.#mostWaiting) {
      if (this.#gap === 0) this.#gapNs = firstTimeNs(records);
      this.#gap += events;
      this.#leftOut += events;
      this.#listener.leftOut(this.#leftOut);
      return;
    }
    this.#tellGap(firstTimeNs(records));
    this.#queue(this.#encoder.append(records, text));
    this.#batchTimer ??= setTimeout(() => this.#closeBatch(), BATCH_MS);
  }

  /** What was left out stands in the recording as one event. */
  #tellGap(timeNs: number): void {
    if (this.#gap === 0) return;
    this.index.leaveOut(this.#encoder.events, this.#gap);
    this.#queue(this.#encoder.append(lostRecord(timeNs, this.#gap)));
    this.#gap = 0;
  }

  /**
   * Everything taken so far is in the file when this resolves, or `failure` says why it is not. What comes meanwhile is
   * not waited for: it may come faster than the disk takes it.
   */
  async flush(): Promise<void> {
    if (this.#closed === undefined) this.#closeBatch();
    const batches = this.#takenBatches;
    await new Promise<void>((resolve) => {
      this.#flushes.push({ batches, resolve });
      void this.#drained();
    });
  }

  /** A whole trace of all that came so far: the file's whole batches, what waits for the disk, and the mark that ends it. */
  async whole(): Promise<{ writtenBytes: number; rest: Uint8Array[] }> {
    if (this.#closed === undefined) this.#tellGap(this.#gapNs);
    await this.flush();
    const waiting = this.#waiting.map(({ bytes }) => bytes);
    const rest = this.#closed === undefined ? [...waiting, END_OF_STREAM] : waiting;
    return { writtenBytes: this.#written, rest };
  }

  /**
   * Ends the file. Where the disk refuses, `failure` says why, and the file is whole up to there: it is tried again until
   * it takes the rest, or until `release`.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#tellGap(this.#gapNs);
    this.#closeBatch();
    this.#queue([{ bytes: this.#encoder.end(), first: this.#encoder.events, events: 0 }]);
    await this.#drained();
    if (this.#failure === undefined) await this.#finish();
  }

  /** After `close`: nobody waits any longer for a disk that refuses. */
  async release(): Promise<void> {
    await this.#closed;
    await this.#writing;
    await this.#finish();
  }

  #finish(): Promise<void> {
    this.#finished ??= this.#closeFile();
    return this.#finished;
  }
  async #closeFile(): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#syncTimer);
    if (this.#failure === undefined) await this.#file?.datasync().catch((error: Error) => this.#fail(error));
    await this.#file?.close().catch(() => {});
    this.#file = undefined;
  }

  #closeBatch(): void {
    clearTimeout(this.#batchTimer);
    this.#batchTimer = undefined;
    const batch = this.#encoder.flush();
    if (batch !== undefined) this.#queue([batch]);
  }

  #queue(batches: readonly EncodedBatch[]): void {
    for (const batch of batches) {
      this.#waiting.push(batch);
      this.#waitingBytes += batch.bytes.length;
      this.#takenBatches++;
    }
    if (batches.length > 0 && this.#retryTimer === undefined) void this.#drained();
  }

  /** One write at a time, in order, until nothing waits or the disk refuses. */
  #drained(): Promise<void> {
    this.#writing ??= this.#drain();
    return this.#writing;
  }
  async #drain(): Promise<void> {
    do await this.#write();
    while (this.#waiting.length > 0 && this.#failure === undefined);
    this.#writing = undefined;
    for (const { resolve } of this.#flushes.splice(0)) resolve();
  }

  async #write(): Promise<void> {
    if (this.#isOver) return;
    try {
      this.#file ??= await open(this.path, 'wx');
      let oneByOne = false;
      while (this.#waiting.length > 0) {
        oneByOne ||= this.#failure !== undefined;
        const together = this.#waiting.slice(0, oneByOne ? 1 : TOGETHER);
        try {
          await writeAll(
            this.#file,
            together.map(({ bytes }) => bytes),
            this.#written,
          );
        } catch (error) {
          if (together.length === 1) throw error;
          // As many of them as there is room for.
          await this.#file.truncate(this.#written);
          oneByOne = true;
          continue;
        }
        this.#haveWritten(together);
        await this.#syncSometimes(this.#file);
      }
    } catch (error) {
      await this.#fail(error as Error);
    }
  }

  #haveWritten(batches: readonly EncodedBatch[]): void {
    for (const { bytes, first, events } of batches) {
      this.index.add({ first, events, place: { at: this.#written, length: bytes.length } });
      this.#written += bytes.length;
      this.#waitingBytes -= bytes.length;
    }
    this.#waiting.splice(0, batches.length);
    if (this.#failure !== undefined) {
      this.#failure = undefined;
      this.#listener.resumed();
    }
    if (this.#written - this.#toldBytes >= GROWTH_BYTES) {
      this.#toldBytes = this.#written;
      this.#listener.grew();
    }
    const writtenBatches = this.#takenBatches - this.#waiting.length;
    while (this.#flushes[0] !== undefined && this.#flushes[0].batches <= writtenBatches)
      this.#flushes.shift()!.resolve();
  }

  /** At most once a second while it writes, and once more when it rests. */
  async #syncSometimes(file: FileHandle): Promise<void> {
    const now = performance.now();
    if (now - this.#syncedAt >= SYNC_MS) {
      this.#syncedAt = now;
      await file.datasync();
      return;
    }
    this.#syncTimer ??= setTimeout(() => {
      this.#syncTimer = undefined;
      this.#syncedAt = performance.now();
      this.#file?.datasync().catch(() => {});
    }, SYNC_MS);
  }

  async #fail(error: Error): Promise<void> {
    // What of a batch got onto the disk goes again: the file ends with the last whole one.
    await this.#file?.truncate(this.#written).catch(() => {});
    const isNew = this.#failure === undefined;
    this.#failure = error;
    if (isNew) this.#listener.paused(error);
    if (this.#isOver) return;
    this.#retryTimer ??= setTimeout(() => {
      this.#retryTimer = undefined;
      void this.#tryAgain();
    }, this.#retryMs);
  }

  async #tryAgain(): Promise<void> {
    await this.#drained();
    if (this.#closed !== undefined && this.#failure === undefined) await this.#finish();
  }
}

async function writeAll(file: FileHandle, parts: readonly Uint8Array[], position: number): Promise<void> {
  const left = [...parts];
  for (let at = position; left.length > 0;) {
    const { bytesWritten } = await file.writev(left, at);
    at += bytesWritten;
    let taken = bytesWritten;
    while (left.length > 0 && taken >= left[0]!.length) taken -= left.shift()!.length;
    if (taken > 0) left[0] = left[0]!.subarray(taken);
  }
}
