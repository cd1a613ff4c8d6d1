import { randomBytes } from 'node:crypto';
import { copyFile, open, realpath, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * Writes the whole file or leaves what was there.
 * @throws an Error whose message is a sentence with the reason
 */
export function writeFileWhole(file: string, bytes: Uint8Array | string): Promise<void> {
  return replaceFile(file, async (temporary) => {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  });
}

/**
 * Copies what the source holds now, whole or not at all.
 * @throws an Error whose message is a sentence with the reason
 */
export const copyFileWhole = (source: string, file: string): Promise<void> =>
  replaceFile(file, (temporary) => copyFile(source, temporary));

/** Lets `fill` fill a temporary file beside the file and renames it over that. Rejects as writeFileWhole does. */
export async function replaceFile(file: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  try {
    const target = await targetOf(file);
    const temporary = temporaryBeside(target);
    try {
      await fill(temporary);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      throw error;
    }
  } catch (error) {
    throw new Error(`${file} could not be written: ${reasonOf(error)}.`, { cause: error });
  }
}

/** Through a symbolic link to the file that it means, as any editor does. */
export const targetOf = (file: string): Promise<string> => realpath(file).catch(() => file);

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
};

/** Why a file operation failed, in words that fit behind a colon. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}
