import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Settings } from '../apc-model/app-api.ts';
import { readJsonFile } from './json-file.ts';
import { writeFileWhole } from './write-file.ts';

/** What is kept for the next start: what the page knows of, and what only main needs. */
export interface KeptSettings extends Settings {
  /** What recordings may take on the disk, in MiB; the oldest that are not pinned go first. */
  recordingsMiB: number;
  /** Files opened and saved, the latest first. */
  recentFiles: string[];
}

export const MOST_RECENT_FILES = 10;

const DEFAULTS: KeptSettings = { appearance: 'system', axis: 'events', recordingsMiB: 2048, recentFiles: [] };

/** Fields that a later version adds are left out of account, so that going back to this one loses nothing else. */
const settingsSchema = z.object({
  appearance: z.enum(['system', 'light', 'dark']),
  axis: z.enum(['time', 'events']),
  // Settings of an earlier version have neither.
  recordingsMiB: z.number().int().min(16).max(1_048_576).default(DEFAULTS.recordingsMiB),
  recentFiles: z.array(z.string()).max(MOST_RECENT_FILES).default([]),
}) satisfies z.ZodType<KeptSettings>;

/** The user's settings and the file that keeps them. */
export class SettingsStore {
  /** Said once to the user: the file was damaged or unreadable. */
  readonly notice: string | undefined;
  readonly #file: string;
  readonly #listeners: ((settings: KeptSettings) => void)[] = [];
  #settings: KeptSettings;
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string) {
    this.#file = path.join(folder, 'settings.json');
    const read = readJsonFile(this.#file, settingsSchema, DEFAULTS);
    this.#settings = read.value;
    this.notice = read.notice;
  }

  get(): KeptSettings {
    return this.#settings;
  }

  onChange(listener: (settings: KeptSettings) => void): void {
    this.#listeners.push(listener);
  }

  /** Those that are given hold at once; rejects with a sentence when they could not be kept for the next start. */
  set(change: Partial<KeptSettings>): Promise<void> {
    const settings = { ...this.#settings, ...change };
    this.#settings = settings;
    for (const listener of this.#listeners) listener(settings);
    // One after the other, so that the last one set is the one on disk.
    const write = this.#writing.then(() => this.#write(settings));
    this.#writing = write.catch(() => {});
    return write;
  }

  async #write(settings: KeptSettings): Promise<void> {
    // Where this fails, writing fails too, and says why.
    await mkdir(path.dirname(this.#file), { recursive: true }).catch(() => {});
    await writeFileWhole(this.#file, `${JSON.stringify(settings, undefined, 2)}\n`);
  }
}
