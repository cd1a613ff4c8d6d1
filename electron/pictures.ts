import { dialog, nativeTheme, type BrowserWindow } from 'electron';
import type { PictureRequest, Settings } from '../apc-model/app-api.ts';
import type { Trace } from '../apc-model/trace.ts';
import { exactBytes } from './exact-message.ts';
import { fileNameOf } from './file-name.ts';
import type { Laboratory } from './laboratory.ts';
import { copyFileWhole, writeFileWhole } from './write-file.ts';

export type PictureFormat = 'png' | 'svg';
/** Where the user chose to save, or null for not at all. */
export type Saved = { path: string } | null;

const FORMATS = {
  png: { name: 'PNG picture', extensions: ['png'] },
  svg: { name: 'SVG picture', extensions: ['svg'] },
  arrows: { name: 'Alertable trace', extensions: ['arrows'] },
};

/** Paints and saves what the laboratory has. Only files that the user chose in the system's dialog are ever written. */
export class Pictures {
  readonly #laboratory: Laboratory;
  readonly #settings: () => Settings;
  readonly #fontsFolder: string;
  #isAsking = false;

  constructor(laboratory: Laboratory, settings: () => Settings, fontsFolder: string) {
    this.#laboratory = laboratory;
    this.#fontsFolder = fontsFolder;
    this.#settings = settings;
  }

  async paintPng(picture: PictureRequest): Promise<{ png: Uint8Array }> {
    return { png: exactBytes(await this.#paint(await this.#trace(), 'png', picture)) };
  }

  async savePicture(window: BrowserWindow, format: PictureFormat, picture: PictureRequest): Promise<Saved> {
    const trace = await this.#trace();
    const file = await this.#askWhere(window, trace.meta.title, format);
    if (file === undefined) return null;
    await writeFileWhole(file, await this.#paint(trace, format, picture));
    return { path: file };
  }

  async saveTrace(window: BrowserWindow): Promise<Saved> {
    const source = this.#laboratory.traceFile();
    const trace = await this.#trace();
    if (source === undefined) throw new Error('This session is not recorded, so there is no trace to save.');
    const file = await this.#askWhere(window, trace.meta.title, 'arrows');
    if (file === undefined) return null;
    // Once more, for what happened while the dialog was open.
    await this.#laboratory.flush();
    await copyFileWhole(source, file);
    return { path: file };
  }

  async #trace(): Promise<Trace> {
    const trace = await this.#laboratory.trace();
    if (trace === undefined) throw new Error('There is nothing to export yet: run a scenario first.');
    return trace;
  }

  async #paint(trace: Trace, format: PictureFormat, picture: PictureRequest): Promise<Uint8Array> {
    // Skia is 35 MB: it is loaded when a picture is wanted and not at the start.
    const { renderPng, renderSvg } = await import('./export.ts');
    const options = { ...picture, axis: this.#settings().axis, fontsFolder: this.#fontsFolder };
    return format === 'png' ? renderPng(trace, options) : new TextEncoder().encode(renderSvg(trace, options));
  }

  async #askWhere(
    window: BrowserWindow,
    title: string,
    ending: keyof typeof FORMATS,
  ): Promise<string | undefined> {
    if (this.#isAsking) throw new Error('A save dialog is open already: answer it first.');
    this.#isAsking = true;
    try {
      // As a property of `dialog`, so that a test can answer in the user's place.
      const { canceled, filePath } = await dialog.showSaveDialog(window, {
        defaultPath: fileNameOf(title, ending),
        filters: [FORMATS[ending]],
        properties: ['showOverwriteConfirmation', 'createDirectory'],
      });
      return canceled || !filePath ? undefined : withEnding(filePath, ending);
    } finally {
      this.#isAsking = false;
    }
  }
}

/** What the menu saves, where nothing more was said: all of it, in the colours on screen. */
export const wholePicture = (): PictureRequest => ({
  range: null,
  widthPx: 1600,
  scale: 2,
  colours: nativeTheme.shouldUseDarkColors ? 'dark' : 'light',
});

/** GTK's dialog, unlike the others, does not add the ending by itself. */
const withEnding = (file: string, ending: string): string =>
  /\.[A-Za-z0-9]+$/.test(file) ? file : `${file}.${ending}`;
