import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir, open, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { END_OF_STREAM } from '../apc-model/trace-encoder.ts';
import { TraceCutError } from '../apc-model/trace-file-error.ts';
import { TraceReader } from '../apc-model/trace-reader.ts';
import type { TraceMeta } from '../apc-model/trace.ts';
import { FileSource } from './file-source.ts';

const ENDING = '.arrows';
/** A file of this ending beside a recording says that the user wants to keep it. */
const PIN = '.pin';
/** What is longer, and seems to be cut in its first part, has a wrong length in it. */
const MOST_BEFORE_EVENTS = 64 << 10;
/** The same of what follows a file's last whole batch. */
const MOST_OF_BATCH = 8 << 20;
/** `2026-01-31T12-00-00-000Z-<process>-<session>.arrows` */
const NAME = /^\d{4}-[\d-]+T[\d-]+Z-(\d+)-\d+\.arrows$/;

/** One recording in the folder. */
export interface Recording {
  path: string;
  bytes: number;
  /** When it was last written to, milliseconds since 1970. */
  modifiedMs: number;
  pinned: boolean;
}

/** A recording whose process ended before it could. */
export interface InterruptedRecording {
  path: string;
  meta: TraceMeta;
}

/** What keeping to the limit cost. */
export interface Removal {
  count: number;
  bytes: number;
}

/**
 * The folder in which sessions are recorded. It keeps to a limit of bytes: the oldest that are neither pinned nor in use
 * go first. A session that was interrupted is found here again, and stays until the user has opened or discarded it.
 */
export class Recordings {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Where a session that begins now is to be recorded. */
  pathFor(startedUnixMs: number, session: number): string {
    const stamp = new Date(startedUnixMs).toISOString().replace(/[:.]/g, '-');
    return path.join(this.#folder, `${stamp}-${process.pid}-${session}${ENDING}`);
  }

  /** The newest first. */
  async list(): Promise<Recording[]> {
    await mkdir(this.#folder, { recursive: true });
    const names = await readdir(this.#folder);
    const found = await Promise.all(
      names
        .filter((name) => name.endsWith(ENDING))
        .map(async (name): Promise<Recording[]> => {
          const file = path.join(this.#folder, name);
          // One that goes meanwhile is none.
          const about = await stat(file).catch(() => undefined);
          if (about?.isFile() !== true) return [];
          const pinned = names.includes(name + PIN);
          return [{ path: file, bytes: about.size, modifiedMs: about.mtimeMs, pinned }];
        }),
    );
    return found.flat().sort((a, b) => b.modifiedMs - a.modifiedMs || (a.path < b.path ? 1 : -1));
  }

  /** @param pinned to be kept whatever the limit says */
  async pin(recording: string, pinned: boolean): Promise<void> {
    if (pinned) await writeFile(recording + PIN, '');
    else await rm(recording + PIN, { force: true });
  }
  isPinned(recording: string): boolean {
    return existsSync(recording + PIN);
  }

  async remove(recording: string): Promise<void> {
    await rm(recording, { force: true });
    await rm(recording + PIN, { force: true });
  }

  /** @param inUse recordings that stay: the one that runs, and one that is open */
  async keepTo(limitBytes: number, inUse: ReadonlySet<string>): Promise<Removal> {
    const all = await this.list();
    let bytes = all.reduce((sum, one) => sum + one.bytes, 0);
    const removed: Removal = { count: 0, bytes: 0 };
    for (const one of all.reverse()) {
      if (bytes <= limitBytes) break;
      if (one.pinned || inUse.has(one.path) || writerOf(one.path) === 'alive') continue;
      if (await isInterrupted(one)) continue;
      await this.remove(one.path);
      bytes -= one.bytes;
      removed.count++;
      removed.bytes += one.bytes;
    }
    return removed;
  }

  /**
   * Recordings without an end whose process is gone, the newest first. Those in which nothing has happened go, unless they
   * are pinned; of those that can't be read, as what a newer version wrote, nothing is said and nothing is touched.
   */
  async interrupted(): Promise<InterruptedRecording[]> {
    const found: InterruptedRecording[] = [];
    for (const { path: file, bytes, pinned } of await this.list()) {
      if (!(await isInterrupted({ path: file, bytes }))) continue;
      const look = await lookInto(file);
      if (look === 'empty') {
        if (!pinned) await this.remove(file);
      } else if (look !== 'unreadable') found.push({ path: file, meta: look });
    }
    return found;
  }

  /**
   * Cuts off the batch that was being written and ends the file: then it is a recording like any other. A damaged one stays
   * as it is: what lies behind the damage may be wanted yet.
   */
  async mend(recording: string): Promise<void> {
    const source = await FileSource.open(recording);
    let end = 0;
    let staysSo: boolean;
    try {
      const reader = await TraceReader.open(source);
      for await (const { place } of reader) end = place.at + place.length;
      const { complete, damage } = reader.end;
      staysSo =
        complete || (damage !== undefined && !(damage.isCut && source.size - damage.at <= MOST_OF_BATCH));
    } finally {
      await source.close();
    }
    if (staysSo) return;
    await truncate(recording, end);
    const file = await open(recording, 'a');
    try {
      await file.write(END_OF_STREAM);
      await file.datasync();
    } finally {
      await file.close();
    }
  }
}

/** Of the session that is in a recording. */
export async function titleOf(recording: string): Promise<string> {
  const source = await FileSource.open(recording).catch(() => undefined);
  if (source === undefined) return path.basename(recording);
  try {
    return (await TraceReader.open(source)).meta.title;
  } catch {
    return path.basename(recording);
  } finally {
    await source.close();
  }
}

/** Whether what wrote a recording may still write to it. `unknown`: it was put there by hand. */
function writerOf(file: string): 'own' | 'alive' | 'gone' | 'unknown' {
  const pid = NAME.exec(path.basename(file))?.[1];
  if (pid === undefined) return 'unknown';
  if (Number(pid) === process.pid) return 'own';
  return isAlive(Number(pid), file) ? 'alive' : 'gone';
}

function isAlive(pid: number, file: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  // Numbers of processes come again: one that was born after the file was last written to has not written it.
  const bornMs = process.platform === 'linux' ? birthOf(pid) : undefined;
  return bornMs === undefined || bornMs < statSync(file).mtimeMs + BIRTH_MARGIN_MS;
}

/** /proc tells the system's start in whole seconds. */
const BIRTH_MARGIN_MS = 2000;
const TICKS_A_SECOND = 100;

/** When a process of Linux was started, milliseconds since 1970. */
function birthOf(pid: number): number | undefined {
  try {
    const [, afterName = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
    const ticks = Number(afterName.split(' ')[19]);
    const booted = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]);
    const born = (booted + ticks / TICKS_A_SECOND) * 1000;
    return Number.isFinite(born) ? born : undefined;
  } catch {
    return undefined;
  }
}

/** Its process is gone, and it has no end. */
const isInterrupted = async ({ path: file, bytes }: Pick<Recording, 'path' | 'bytes'>): Promise<boolean> =>
  writerOf(file) === 'gone' && !(await hasEnd(file, bytes));

async function hasEnd(file: string, bytes: number): Promise<boolean> {
  if (bytes < END_OF_STREAM.length) return false;
  const source = await FileSource.open(file);
  try {
    const last = await source.read(bytes - END_OF_STREAM.length, END_OF_STREAM.length);
    return Buffer.compare(last, END_OF_STREAM) === 0;
  } finally {
    await source.close();
  }
}

/** Of a file with at least one event; else undefined. */
async function lookInto(file: string): Promise<TraceMeta | 'empty' | 'unreadable'> {
  const source = await FileSource.open(file).catch(() => undefined);
  if (source === undefined) return 'unreadable';
  try {
    const reader = await TraceReader.open(source);
    for await (const { events } of reader) if (events > 0) return reader.meta;
    return reader.end.damage?.isCut === false ? reader.meta : 'empty';
  } catch (error) {
    const isCut = error instanceof Error && error.cause instanceof TraceCutError;
    return isCut && source.size <= MOST_BEFORE_EVENTS ? 'empty' : 'unreadable';
  } finally {
    await source.close();
  }
}
