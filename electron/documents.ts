import { app, dialog, type BrowserWindow } from 'electron';
import path from 'node:path';
import type { InterruptedSession } from '../apc-model/app-api.ts';
import type { Laboratory } from './laboratory.ts';
import type { Saved } from './pictures.ts';
import { titleOf, type InterruptedRecording, type Recording } from './recordings.ts';
import { askWhere } from './save-dialog.ts';
import { MOST_RECENT_FILES, type SettingsStore } from './settings.ts';

const TRACE = '.arrows';
const SCENARIO = '.json';

/** In the menu. */
const MOST_LISTED = 12;

export interface NamedRecording extends Recording {
  title: string;
}

/** Saved traces and scenarios as files: what is opened, what is saved, and what an earlier start left unfinished. */
export class Documents {
  readonly #laboratory: Laboratory;
  readonly #settings: SettingsStore;
  #interrupted: InterruptedRecording[] = [];
  #recordings: NamedRecording[] = [];
  #opening: Promise<unknown> = Promise.resolve();
  #whenChanged: () => void = () => {};
  #whenInterrupted: (sessions: InterruptedSession[]) => void = () => {};

  constructor(laboratory: Laboratory, settings: SettingsStore) {
    this.#laboratory = laboratory;
    this.#settings = settings;
  }

  /** Opens a saved trace, or runs a scenario. Rejects with a sentence. */
  open(file: string): Promise<{ title: string }> {
    const opened = this.#open(file);
    this.#opening = Promise.allSettled([this.#opening, opened]);
    return opened;
  }

  /** Resolves when nothing is being opened. */
  async settled(): Promise<void> {
    for (let opening; opening !== this.#opening;) await (opening = this.#opening);
  }

  async #open(file: string): Promise<{ title: string }> {
    const ending = path.extname(file).toLowerCase();
    if (ending !== TRACE && ending !== SCENARIO) {
      throw new Error(
        `${path.basename(file)} was not opened: a saved trace ends in ${TRACE}, and a scenario in ${SCENARIO}.`,
      );
    }
    const opened = await (ending === TRACE
      ? this.#laboratory.openTrace(file)
      : this.#laboratory.runScenarioFile(file));
    this.#remember(file);
    return opened;
  }

  /** Asks which, by the system's dialog. */
  async choose(window: BrowserWindow): Promise<{ title: string } | null> {
    // As a property of `dialog`, so that a test can answer in the user's place.
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      filters: [
        { name: 'Traces and scenarios', extensions: ['arrows', 'json'] },
        { name: 'All files', extensions: ['*'] },
      ],
      properties: ['openFile'],
    });
    const [file] = filePaths;
    return canceled || file === undefined ? null : this.open(file);
  }

  async save(window: BrowserWindow): Promise<Saved> {
    const title = this.#laboratory.title;
    if (title === undefined) throw new Error('There is no trace to save yet: run a scenario first.');
    const file = await askWhere(window, title, 'arrows');
    if (file === undefined) return null;
    await this.#laboratory.saveTrace(file);
    this.#remember(file);
    return { path: file };
  }

  get recent(): readonly string[] {
    return this.#settings.get().recentFiles;
  }
  forgetRecent(): void {
    app.clearRecentDocuments();
    void this.#settings.set({ recentFiles: [] }).catch(() => {});
  }

  /** The latest ones, the newest first. */
  get recordings(): readonly NamedRecording[] {
    return this.#recordings;
  }
  async pin(recording: string, pinned: boolean): Promise<void> {
    await this.#laboratory.recordings.pin(recording, pinned);
    await this.#look();
  }
  /** @param limit in MiB */
  async limitRecordings(limit: number): Promise<void> {
    await this.#settings.set({ recordingsMiB: limit });
    await this.#laboratory.keepToLimit();
    await this.#look();
  }

  /** Calls back whenever the recordings have changed. */
  onChange(listener: () => void): void {
    this.#whenChanged = listener;
    this.#laboratory.onShown(() => void this.#look().catch(() => {}));
    void this.#look().catch(() => {});
  }

  async #look(): Promise<void> {
    const latest = (await this.#laboratory.recordings.list()).slice(0, MOST_LISTED);
    this.#recordings = await Promise.all(
      latest.map(async (one) => ({ ...one, title: await titleOf(one.path) })),
    );
    this.#whenChanged();
  }

  /** Looks for what was interrupted and tells it; again whenever that changes. */
  async offerInterrupted(tell: (sessions: InterruptedSession[]) => void): Promise<void> {
    this.#whenInterrupted = tell;
    this.#interrupted = await this.#laboratory.recordings.interrupted();
    if (this.#interrupted.length > 0) this.#tell();
  }

  async openInterrupted(id: string): Promise<{ title: string }> {
    const { path: file } = this.#take(id);
    this.#tell();
    return this.#laboratory.openInterrupted(file);
  }

  async discardInterrupted(id: string): Promise<null> {
    const { path: file } = this.#take(id);
    this.#tell();
    await this.#laboratory.recordings.remove(file);
    return null;
  }

  /** Only what was found and offered: the page names no paths. */
  #take(id: string): InterruptedRecording {
    const found = this.#interrupted.find((one) => idOf(one) === id);
    if (found === undefined) throw new Error('That interrupted session is not there any more.');
    this.#interrupted = this.#interrupted.filter((one) => one !== found);
    return found;
  }

  #tell(): void {
    this.#whenInterrupted(
      this.#interrupted.map((one) => ({
        id: idOf(one),
        title: one.meta.title,
        engineLabel: one.meta.engineLabel,
        startedUnixMs: one.meta.startedUnixMs,
      })),
    );
  }

  #remember(file: string): void {
    app.addRecentDocument(file);
    const others = this.recent.filter((one) => one !== file);
    // The list is a convenience: where it can't be kept, nothing is lost.
    void this.#settings.set({ recentFiles: [file, ...others].slice(0, MOST_RECENT_FILES) }).catch(() => {});
  }
}

const idOf = (recording: InterruptedRecording): string => path.basename(recording.path);
