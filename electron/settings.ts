import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Settings } from '../apc-model/app-api.ts';
import { readJsonFile } from './json-file.ts';
import { writeFileWhole } from './write-file.ts';

const DEFAULTS: Settings = { appearance: 'system', axis: 'events' };

/** Fields that a later version adds are left out of account, so that going back to this one loses nothing else. */
const settingsSchema = z.object({
  appearance: z.enum(['system', 'light', 'dark']),
  axis: z.enum(['time', 'events']),
}) satisfies z.ZodType<Settings>;

/** The user's settings and the file that keeps them. */
export class SettingsStore {
  /** Said once to the user: the file was damaged or unreadable. */
  readonly notice: string | undefined;
  readonly #file: string;
  readonly #listeners: ((settings: Settings) => void)[] = [];
  #settings: Settings;
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string) {
    this.#file = path.join(folder, 'settings.json');
    const read = readJsonFile(this.#file, settingsSchema, DEFAULTS);
    this.#settings = read.value;
    this.notice = read.notice;
  }

  get(): Settings {
    return this.#settings;
  }

  onChange(listener: (settings: Settings) => void): void {
    this.#listeners.push(listener);
  }

  /** They hold at once; rejects with a sentence when they could not be kept for the next start. */
  set(settings: Settings): Promise<void> {
    this.#settings = settings;
    for (const listener of this.#listeners) listener(settings);
    // One after the other, so that the last one set is the one on disk.
    const write = this.#writing.then(() => this.#write(settings));
    this.#writing = write.catch(() => {});
    return write;
  }

  async #write(settings: Settings): Promise<void> {
    // Where this fails, writing fails too, and says why.
    await mkdir(path.dirname(this.#file), { recursive: true }).catch(() => {});
    await writeFileWhole(this.#file, `${JSON.stringify(settings, undefined, 2)}\n`);
  }
}
