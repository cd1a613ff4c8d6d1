import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { targetOf, temporaryBeside } from './write-file.ts';

/**
 * A file in the making: bytes go to a temporary one beside it, which takes its place in the end, or never. Whatever
 * happens, the old file is there whole until the new one is.
 */
export class NewFile {
  /** undefined where the target is a device or a pipe, which nothing may take the place of. */
  readonly #temporary: string | undefined;
  readonly #target: string;
  readonly #handle: FileHandle;

  private constructor(temporary: string | undefined, target: string, handle: FileHandle) {
    this.#temporary = temporary;
    this.#target = target;
    this.#handle = handle;
  }

  /** Rejects with what the system says. */
  static async begin(file: string): Promise<NewFile> {
    const target = await targetOf(file);
    const is = await stat(target).catch(() => undefined);
    if (is !== undefined && !is.isFile()) return new NewFile(undefined, target, await open(target, 'w'));
    const temporary = temporaryBeside(target);
    return new NewFile(temporary, target, await open(temporary, 'wx'));
  }

  /** Appends; resolves when the system has taken it. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) at += (await this.#handle.write(bytes, at)).bytesWritten;
  }

  /** Puts it in its place. After a failure it is to be discarded. */
  async finish(): Promise<void> {
    if (this.#temporary !== undefined) await this.#handle.sync();
    await this.#handle.close();
    if (this.#temporary !== undefined) await rename(this.#temporary, this.#target);
  }

  /** Takes away what was written; nothing where it is finished. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => {});
    if (this.#temporary !== undefined) await rm(this.#temporary, { force: true }).catch(() => {});
  }
}
