import type { SessionPhase, SiteLabel } from '../apc-model/app-api.ts';
import { compile, type CompiledScenario } from '../apc-model/compile.ts';
import { parseScenario } from '../apc-model/scenario.ts';
import { lastTimeNs, moveTexts } from '../apc-model/record-texts.ts';
import { TraceFileError } from '../apc-model/trace-file-error.ts';
import { TraceReader } from '../apc-model/trace-reader.ts';
import type { TraceMeta } from '../apc-model/trace.ts';
import { BatchIndex } from './batch-index.ts';
import { FileSource } from './file-source.ts';
import { sitesOf } from './live-session.ts';
import { SessionLog } from './session-log.ts';
import { reasonOf, replaceFile } from './write-file.ts';

/** A saved trace, as it is being read or has been. */
export class OpenedTrace {
  readonly number: number;
  readonly path: string;
  readonly meta: TraceMeta;
  readonly log: SessionLog;
  readonly lost = 0;
  /** Of the scenario in it; undefined where it has none that this version can run. */
  readonly compiled: CompiledScenario | undefined;
  readonly #index: BatchIndex;
  readonly #source: FileSource;
  readonly #reader: TraceReader;
  #endNs = 0;
  #isReleased = false;

  private constructor(
    number: number,
    path: string,
    source: FileSource,
    reader: TraceReader,
    recentBytes?: number,
  ) {
    this.number = number;
    this.path = path;
    this.meta = reader.meta;
    this.compiled = compiledOf(reader.meta.scenario);
    this.#source = source;
    this.#reader = reader;
    this.#index = new BatchIndex();
    this.log = new SessionLog({ path, index: this.#index, flush: () => Promise.resolve() }, recentBytes);
  }

  /** Rejects with a sentence where the file can't be read or is no trace. */
  static async open(number: number, path: string, recentBytes?: number): Promise<OpenedTrace> {
    let source: FileSource | undefined;
    try {
      source = await FileSource.open(path);
      return new OpenedTrace(number, path, source, await TraceReader.open(source), recentBytes);
    } catch (error) {
      await source?.close();
      const reason = error instanceof TraceFileError ? error.message : reasonOf(error, 'reading');
      throw new Error(`${path} was not opened: ${reason}.`, { cause: error });
    }
  }

  get phase(): SessionPhase {
    return 'ended';
  }
  get opened(): { path: string } {
    return { path: this.path };
  }
  get sites(): SiteLabel[] {
    return this.compiled === undefined ? [] : sitesOf(this.compiled);
  }
  nowNs(): number {
    return this.#endNs;
  }

  /**
   * Reads the file into the log, batch by batch.
   * @param after is awaited after each: the place to wait for a page that reads along
   * @returns a sentence where the file is not whole
   */
  async fill(after: () => Promise<void>): Promise<string | undefined> {
    try {
      for await (const { first, events, records, text, firstText, place } of this.#reader) {
        if (this.#isReleased) return undefined;
        moveTexts(records, -firstText);
        this.#index.add({ first, events, place });
        this.log.push({ first, events, records, text });
        this.#endNs = Math.max(this.#endNs, lastTimeNs(records, events));
        await after();
      }
    } catch (error) {
      return `${this.path} could only be read up to event ${this.log.end}: ${reasonOf(error, 'reading')}.`;
    } finally {
      await this.#source.close();
    }
    const { damage, complete } = this.#reader.end;
    if (damage !== undefined) return `${damage.sentence} What lies before that is shown.`;
    return complete ? undefined : 'The recording was interrupted: what was written until then is shown.';
  }

  save(file: string): Promise<void> {
    return replaceFile(file, (made) => made.copy(this.path));
  }

  /** Nothing runs in it that could be ended. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  /** It is not shown any more: its file is let go. */
  async release(): Promise<void> {
    this.#isReleased = true;
    await this.log.close();
  }
}

/** The file may be of anybody's making: what it calls a scenario need not be one. */
function compiledOf(source: string | undefined): CompiledScenario | undefined {
  if (source === undefined) return undefined;
  try {
    return compile(parseScenario(source));
  } catch {
    return undefined;
  }
}
