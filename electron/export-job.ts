import type { ExportEnd } from '../apc-model/export-writer.ts';
import { exportTrace, type ExportRequest } from './export-trace.ts';

/** What takes no longer than this passes without a word. */
export const SLOW_MS = 500;
const TELL_EVERY_MS = 100;

/** An export under way, with what a window or a terminal shows of it. */
export class ExportJob {
  /** Rejects as exportTrace does. */
  readonly done: Promise<ExportEnd>;
  readonly #abort = new AbortController();

  /**
   * @param tell how far it is, from 0 to 1: first after half a second, then ten times a second; not at all for a quick one
   */
  constructor(request: Omit<ExportRequest, 'signal' | 'onProgress'>, tell: (share: number) => void) {
    let due = performance.now() + SLOW_MS;
    this.done = exportTrace({
      ...request,
      signal: this.#abort.signal,
      onProgress: (share) => {
        const now = performance.now();
        if (now < due) return;
        due = now + TELL_EVERY_MS;
        tell(share);
      },
    });
  }

  /** `done` then rejects with ExportCancelled, unless it was over. No file is left behind. */
  cancel(): void {
    this.#abort.abort();
  }
}
