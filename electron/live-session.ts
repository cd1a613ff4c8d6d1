import type { SessionPhase, SiteLabel } from '../apc-model/app-api.ts';
import type { CompiledScenario } from '../apc-model/compile.ts';
import { TextDivider } from '../apc-model/record-texts.ts';
import type { TraceMeta } from '../apc-model/trace.ts';
import type { Drained } from './event-pump.ts';
import type { NativeEngine } from './native/bridge.ts';
import { Recorder, type RecorderListener } from './recorder.ts';
import { Session } from './session.ts';
import { SessionLog } from './session-log.ts';
import { replaceFile } from './write-file.ts';

/** What a live session tells while it goes on. */
export interface LiveListener extends RecorderListener {
  /** There are new events in the log. */
  published: () => void;
  /** So many events have been lost so far because a thread's ring was full. */
  lost: (count: number) => void;
}

/** A session that runs or ran in this process, with its recording: every event goes to both the log and the disk. */
export class LiveSession {
  readonly number: number;
  readonly session: Session;
  readonly recorder: Recorder;
  readonly log: SessionLog;
  readonly opened = null;
  readonly #listener: LiveListener;
  readonly #texts = new TextDivider();
  #lost = 0;
  #lastNowNs = 0;
  #closed: Promise<void> | undefined;

  /** @param pathOf where a session that began at this time is recorded */
  constructor(
    number: number,
    engine: NativeEngine,
    compiled: CompiledScenario,
    pathOf: (startedUnixMs: number) => string,
    listener: LiveListener,
    recentBytes?: number,
  ) {
    this.number = number;
    this.#listener = listener;
    // No batch comes before this turn of the event loop is over.
    this.session = new Session(engine, compiled, {
      take: (drained) => this.#take(drained),
      turned: ({ lost }) => this.#tellLost(lost),
    });
    const path = pathOf(this.session.meta.startedUnixMs);
    this.recorder = new Recorder(path, this.session.meta, listener);
    this.log = new SessionLog(this.recorder, recentBytes);
  }

  get meta(): TraceMeta {
    return this.session.meta;
  }
  get phase(): SessionPhase {
    return this.session.phase;
  }
  /** Where it is recorded. */
  get path(): string {
    return this.recorder.path;
  }
  get lost(): number {
    return this.#lost;
  }
  get sites(): SiteLabel[] {
    return sitesOf(this.session.compiled);
  }

  /** The session's clock. */
  nowNs(): number {
    if (this.session.phase !== 'ended') this.#lastNowNs = this.session.status.nowNs;
    return this.#lastNowNs;
  }

  /** Stops all threads and ends the recording. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }
  async #close(): Promise<void> {
    await this.session.close();
    await this.recorder.close();
  }

  /** It is not shown any more: what writes and reads its recording is closed. */
  async release(): Promise<void> {
    await this.recorder.release();
    await this.log.close();
  }

  /** Whole up to now, with what a full disk keeps from the recording. Rejects with a sentence. */
  save(file: string): Promise<void> {
    return replaceFile(file, async (made) => {
      const { writtenBytes, rest } = await this.recorder.whole();
      await made.copy(this.recorder.path, writtenBytes);
      for (const part of rest) await made.write(part);
    });
  }

  #take({ records, text, events }: Drained): void {
    const own = this.#texts.divide(records, text);
    this.log.push({ ...own, first: this.log.end, events });
    this.recorder.append(own.records, own.text, events);
    this.#listener.published();
  }

  #tellLost(lost: number): void {
    if (lost === this.#lost) return;
    this.#lost = lost;
    this.#listener.lost(lost);
  }
}

export const sitesOf = (compiled: CompiledScenario): SiteLabel[] =>
  compiled.sites.map(({ as, routine }) => ({ as: as ?? null, routine }));
