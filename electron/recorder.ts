import { open, type FileHandle } from 'node:fs/promises';
import { TraceEncoder } from '../apc-model/trace-encoder.ts';
import type { TraceMeta } from '../apc-model/trace.ts';

/** A batch of the file closes after this long at the latest. */
const BATCH_MS = 250;
const SYNC_MS = 1000;

/**
 * Appends a session to an Arrow IPC stream on disk while it runs. A crash costs at most the last batch. A disk that
 * fails ends the recording, never the session: `failure` says why.
 */
export class Recorder {
  readonly path: string;
  readonly #encoder: TraceEncoder;
  #timer: NodeJS.Timeout | undefined;
  #queue: Promise<void> = Promise.resolve();
  #file: FileHandle | undefined;
  #syncedAt = 0;
  #failure: Error | undefined;
  readonly #failed: (error: Error) => void;

  /** @param failed is called once, when the disk first refuses */
  constructor(path: string, meta: TraceMeta, failed: (error: Error) => void) {
    this.path = path;
    this.#encoder = new TraceEncoder(meta);
    this.#failed = failed;
    this.#enqueue(async () => {
      this.#file = await open(path, 'wx');
    });
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Takes a drained batch (see EventTable.appendRecords). */
  append(records: Uint8Array, text: Uint8Array): void {
    if (this.#failure !== undefined) return;
    for (const { bytes } of this.#encoder.append(records, text)) this.#write(bytes);
    this.#timer ??= setTimeout(() => this.#closeBatch(), BATCH_MS);
  }

  /** Everything taken so far is in the file when this resolves. */
  async flush(): Promise<void> {
    this.#closeBatch();
    await this.#queue;
  }

  async close(): Promise<void> {
    this.#closeBatch();
    const end = this.#encoder.end();
    this.#enqueue(async () => {
      for (const bytes of end) await writeAll(this.#file!, bytes);
      await this.#file!.datasync();
    });
    await this.#queue;
    await this.#file?.close();
    this.#file = undefined;
  }

  #closeBatch(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#encoder.flush();
    if (batch !== undefined) this.#write(batch.bytes);
  }

  #write(bytes: Uint8Array): void {
    this.#enqueue(async () => {
      await writeAll(this.#file!, bytes);
      const now = performance.now();
      if (now - this.#syncedAt < SYNC_MS) return;
      await this.#file!.datasync();
      this.#syncedAt = now;
    });
  }

  /** One write at a time, in order; after a failure none. */
  #enqueue(work: () => Promise<void>): void {
    this.#queue = this.#queue.then(async () => {
      if (this.#failure !== undefined) return;
      try {
        await work();
      } catch (error) {
        this.#failure = error as Error;
        this.#failed(this.#failure);
      }
    });
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, at);
    at += bytesWritten;
  }
}
