import { nativeTheme, type BrowserWindow } from 'electron';
import type { PictureRequest, Settings } from '../apc-model/app-api.ts';
import type { Trace } from '../apc-model/trace.ts';
import { exactBytes } from './exact-message.ts';
import type { Laboratory } from './laboratory.ts';
import { askWhere } from './save-dialog.ts';
import { writeFileWhole } from './write-file.ts';

export type PictureFormat = 'png' | 'svg';
/** Where the user chose to save, or null for not at all. */
export type Saved = { path: string } | null;

/** Paints and saves what the laboratory has. Only files that the user chose in the system's dialog are ever written. */
export class Pictures {
  readonly #laboratory: Laboratory;
  readonly #settings: () => Settings;
  readonly #fontsFolder: string;

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
    const file = await askWhere(window, trace.meta.title, format);
    if (file === undefined) return null;
    await writeFileWhole(file, await this.#paint(trace, format, picture));
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
}

/** What the menu saves, where nothing more was said: all of it, in the colours on screen. */
export const wholePicture = (): PictureRequest => ({
  range: null,
  widthPx: 1600,
  scale: 2,
  colours: nativeTheme.shouldUseDarkColors ? 'dark' : 'light',
});
