import { open, type FileHandle } from 'node:fs/promises';
import type { TraceSource } from '../apc-model/trace-reader.ts';

/** A trace file on disk, as long as it was when it was opened: one that is being recorded grows on. */
export class FileSource implements TraceSource {
  readonly size: number;
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.size = size;
  }

  /** Rejects with what the system says. */
  static async open(file: string): Promise<FileSource> {
    const handle = await open(file, 'r');
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) throw Object.assign(new Error('it is no file'), { code: 'EISDIR' });
      return new FileSource(handle, stats.size);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async read(at: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    for (let have = 0; have < length;) {
      const { bytesRead } = await this.#handle.read(bytes, have, length - have, at + have);
      if (bytesRead === 0) throw new Error('it was made shorter while it was read');
      have += bytesRead;
    }
    return bytes;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
