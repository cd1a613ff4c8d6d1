import { rm } from 'node:fs/promises';
import type { BrowserWindow } from 'electron';
import type { PictureRequest, TraceFormat } from '../apc-model/app-api.ts';
import { WHOLE_TRACE, type ExportEnd, type ExportRange } from '../apc-model/export-writer.ts';
import { ExportJob, SLOW_MS } from './export-job.ts';
import { ExportCancelled, ExportFault } from './export-trace.ts';
import type { Laboratory } from './laboratory.ts';
import type { Saved } from './pictures.ts';
import { askWhere } from './save-dialog.ts';
import type { Stream } from './stream.ts';
import { temporaryBeside } from './write-file.ts';

const ENDINGS = { chromeJson: 'json', csv: 'csv', jsonLines: 'jsonl' } as const satisfies Record<
  TraceFormat,
  string
>;

/** Exports of the session or the open trace, one at a time, to files that the user chose in the system's dialog. */
export class TraceExports {
  readonly #laboratory: Laboratory;
  readonly #stream: Stream;
  /** Cancels the one under way. */
  #cancel: (() => void) | undefined;

  constructor(laboratory: Laboratory, stream: Stream) {
    this.#laboratory = laboratory;
    this.#stream = stream;
  }

  /** @returns null where the user chose no file, or cancelled */
  async save(window: BrowserWindow, format: TraceFormat, range: PictureRequest['range']): Promise<Saved> {
    const title = this.#laboratory.title;
    if (title === undefined) throw new Error('There is nothing to export yet: run a scenario first.');
    if (this.#cancel !== undefined) throw new Error('An export is under way: wait for it, or cancel it.');
    const file = await askWhere(window, title, ENDINGS[format]);
    if (file === undefined) return null;
    const part =
      range === null ? WHOLE_TRACE : { fromNs: Math.floor(range.startNs), toNs: Math.ceil(range.endNs) };
    return this.#run(file, format, part);
  }

  cancel(): void {
    this.#cancel?.();
  }

  async #run(file: string, format: TraceFormat, range: ExportRange): Promise<Saved> {
    let isCancelled = false;
    let job: ExportJob | undefined;
    this.#cancel = () => {
      isCancelled = true;
      job?.cancel();
    };
    const tell = (share: number) => this.#stream.tellExport({ path: file, share });
    const slow = setTimeout(() => tell(0), SLOW_MS);
    // The session may go on meanwhile: what it has now is copied, whole.
    const copy = temporaryBeside(file, 'arrows');
    try {
      await this.#laboratory.saveTrace(copy);
      if (isCancelled) throw new ExportCancelled();
      job = new ExportJob({ source: copy, outputs: [{ format, to: file }], range }, tell);
      this.#warn(await job.done);
      return { path: file };
    } catch (error) {
      if (!(error instanceof ExportCancelled)) throw sentence(error);
      this.#stream.notify('info', 'The export was cancelled; no file was written.');
      return null;
    } finally {
      clearTimeout(slow);
      this.#cancel = undefined;
      this.#stream.tellExport(null);
      await rm(copy, { force: true }).catch(() => {});
    }
  }

  #warn({ lostEvents, by, warning }: ExportEnd): void {
    if (by === 'damage' && warning !== undefined) this.#stream.notify('warning', warning);
    if (lostEvents === 0) return;
    const lost = lostEvents === 1 ? '1 event was lost' : `${lostEvents} events were lost`;
    this.#stream.notify(
      'warning',
      `${lost} while this was recorded: the export has gaps there, and says so.`,
    );
  }
}

const sentence = (error: unknown): unknown =>
  error instanceof ExportFault ? new Error(`${error.message}.`, { cause: error }) : error;
