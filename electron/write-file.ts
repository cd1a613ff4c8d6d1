import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { getSystemErrorMap } from 'node:util';

const COPIED_AT_A_TIME = 1 << 20;

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

  /** Through a symbolic link to the file that it means, as any editor does. Rejects with what the system says. */
  static async begin(file: string): Promise<NewFile> {
    const target = await realpath(file).catch(() => file);
    const is = await stat(target).catch(() => undefined);
    if (is !== undefined && !is.isFile()) return new NewFile(undefined, target, await open(target, 'w'));
    const temporary = temporaryBeside(target);
    return new NewFile(temporary, target, await open(temporary, 'wx'));
  }

  /** Appends; resolves when the system has taken it. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) at += (await this.#handle.write(bytes, at)).bytesWritten;
  }

  /** Appends what another file begins with: so many bytes, or all that it has now. */
  async copy(source: string, bytes = Number.POSITIVE_INFINITY): Promise<void> {
    if (bytes === 0) return;
    const parts = createReadStream(source, { end: bytes - 1, highWaterMark: COPIED_AT_A_TIME });
    for await (const part of parts) await this.write(part as Buffer);
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

/**
 * Lets `fill` write the whole file, or leaves what was there.
 * @throws an Error whose message is a sentence with the reason
 */
export async function replaceFile(file: string, fill: (made: NewFile) => Promise<void>): Promise<void> {
  let made: NewFile | undefined;
  try {
    made = await NewFile.begin(file);
    await fill(made);
    await made.finish();
  } catch (error) {
    await made?.discard();
    throw new Error(`${file} could not be written: ${reasonOf(error)}.`, { cause: error });
  }
}

/** Rejects as replaceFile does. */
export const writeFileWhole = (file: string, bytes: Uint8Array | string): Promise<void> =>
  replaceFile(file, (made) => made.write(Buffer.from(bytes as string)));

/** A new name in the folder of a file: what is made there can take its place. */
export const temporaryBeside = (file: string, ending = 'tmp'): string =>
  path.join(path.dirname(file), `.alertable-${randomBytes(6).toString('hex')}.${ending}`);

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  EACCES: 'you have no permission to write there',
  EPERM: 'you have no permission to write there',
  EROFS: 'that disk is read-only',
  ENOENT: 'the folder does not exist',
  ENOTDIR: 'part of its path is not a folder',
  EISDIR: 'it is a folder',
  EEXIST: 'something of that name is in the way',
  ENAMETOOLONG: 'the name is too long',
  EBUSY: 'another program is using it',
  EIO: 'the disk reported an error',
  EFBIG: 'it would be larger than the disk or your limit allows a file to be',
};
/** Where reading, not writing, failed. */
const READING_REASONS: Readonly<Record<string, string>> = {
  EACCES: 'you have no permission to read it',
  EPERM: 'you have no permission to read it',
  ENOENT: 'there is no such file',
};

/** Why a file operation failed, in words that fit behind a colon. */
export function reasonOf(error: unknown, doing: 'writing' | 'reading' = 'writing'): string {
  if (!(error instanceof Error)) return String(error);
  const { code = '', errno = 0 } = error as NodeJS.ErrnoException;
  const reason = (doing === 'reading' ? READING_REASONS[code] : undefined) ?? REASONS[code];
  if (reason !== undefined) return reason;
  const words = getSystemErrorMap().get(errno)?.[1];
  return words === undefined ? error.message : `the system refused with ${code} (${words})`;
}
