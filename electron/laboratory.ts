import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  Command,
  CommandResults,
  ScenarioSummary,
  SessionPhase,
  SiteLabel,
  StreamAnswer,
  StreamMessage,
} from '../apc-model/app-api.ts';
import type { CompiledScenario } from '../apc-model/compile.ts';
import { missingCapability } from '../apc-model/capabilities.ts';
import { judge, notJudged } from '../apc-model/expectation.ts';
import { decodeTrace } from '../apc-model/trace-file.ts';
import { Trace } from '../apc-model/trace.ts';
import { BatchLog } from './batch-log.ts';
import type { Batch } from './event-pump.ts';
import { NativeEngine } from './native/bridge.ts';
import { Recorder } from './recorder.ts';
import { BuiltInScenarios, readScenarioFile } from './scenarios.ts';
import { Session } from './session.ts';

/** Where the page's messages go. */
export interface StreamSink {
  send(message: StreamMessage): void;
}

/** Commands that concern the session; the others concern windows and files. */
export type LaboratoryCommand = Extract<
  Command,
  {
    type:
      | 'runScenario'
      | 'runAgain'
      | 'stop'
      | 'createThread'
      | 'queueUserApc'
      | 'handStep'
      | 'createObject'
      | 'changeObject'
      | 'suspendThread'
      | 'resumeThread'
      | 'endThread';
  }
>;

export interface LaboratoryOptions {
  /** Where the native library lies. */
  nativeFolder: string;
  scenariosFolder: string;
  /** Made if it is missing. */
  recordingsFolder: string;
}

/** Batches that may be on their way to the page without an acknowledgement. */
const IN_FLIGHT = 4;
/** What main keeps of one session for the page; beyond it the session is stopped, with everything recorded. */
const SESSION_BYTES = 512 * 1024 * 1024;

/** What belongs to one session, from its start until the next begins. */
interface Present {
  number: number;
  session: Session;
  log: BatchLog;
  recorder: Recorder;
  /** Resolves when it has been stopped and its recording closed. */
  closed: Promise<void> | undefined;
}

/** The present session and what can be done to it: everything of the main process but windows. */
export class Laboratory {
  readonly #engine: NativeEngine;
  readonly #scenarios: BuiltInScenarios;
  readonly #recordingsFolder: string;
  #present: Present | undefined;
  #count = 0;
  #sink: StreamSink | undefined;
  #sent = 0;
  #acknowledged = 0;
  #verdict: StreamMessage | undefined;

  /** Throws with one plain sentence when the native library is missing or of another ABI. */
  constructor(options: LaboratoryOptions) {
    this.#engine = new NativeEngine(options.nativeFolder);
    this.#scenarios = new BuiltInScenarios(options.scenariosFolder);
    this.#recordingsFolder = options.recordingsFolder;
    mkdirSync(options.recordingsFolder, { recursive: true });
  }

  get engineLabel(): string {
    return this.#engine.info.label;
  }
  get os(): string {
    return this.#engine.info.os;
  }
  scenarios(): ScenarioSummary[] {
    return this.#scenarios.summaries();
  }

  /** The page is there (again): it gets the session's start and everything from its first event. */
  attach(sink: StreamSink): void {
    this.#sink = sink;
    this.#sent = 0;
    this.#acknowledged = 0;
    this.#announce();
  }
  detach(): void {
    this.#sink = undefined;
  }

  answer(answer: StreamAnswer): void {
    if (answer.type !== 'acknowledge' || answer.session !== this.#present?.number) return;
    this.#acknowledged = Math.max(this.#acknowledged, Math.min(answer.sequence + 1, this.#sent));
    this.#feed();
  }

  /** Rejects with an Error whose message is a sentence for the user. */
  async execute<T extends LaboratoryCommand>(command: T): Promise<CommandResults[T['type']]> {
    return (await this.#execute(command)) as CommandResults[T['type']];
  }

  async #execute(command: LaboratoryCommand): Promise<CommandResults[LaboratoryCommand['type']]> {
    switch (command.type) {
      case 'runScenario':
        return this.#begin(this.#scenarios.read(command.name));
      case 'runAgain':
        return this.#begin(this.#session().compiled);
      case 'stop':
        if (this.#present !== undefined) await this.#end(this.#present);
        return null;
      case 'createThread':
        return this.#session().createThread(command.suspended);
      case 'queueUserApc':
        return {
          queued: this.#session().queueUserApc(command.thread, command.routine, command.data, command.count),
        };
      case 'handStep':
        return { mailbox: this.#session().handStep(command.thread, command.step) };
      case 'createObject':
        return this.#session().createObject(command.object, command.name);
      case 'changeObject':
        return {
          succeeded: this.#session().changeObject(command.call, command.object, command.count),
        };
      case 'suspendThread':
        return { previousCount: this.#session().suspendThread(command.thread) };
      case 'resumeThread':
        return { previousCount: this.#session().resumeThread(command.thread) };
      case 'endThread':
        this.#session().endThread(command.thread);
        return null;
    }
  }

  async runScenarioFile(path: string): Promise<{ title: string }> {
    return this.#begin(readScenarioFile(path));
  }

  /** The trace so far, read back from the recording; undefined before the first session. */
  async trace(): Promise<Trace | undefined> {
    const present = this.#present;
    if (present === undefined) return undefined;
    await present.recorder.flush();
    if (present.recorder.failure !== undefined) return fromBatches(present);
    const { meta, rows } = decodeTrace(await readFile(present.recorder.path));
    const trace = new Trace(meta);
    trace.appendRows(rows);
    return trace;
  }

  /** Where the present session is being (or was) recorded. */
  traceFile(): string | undefined {
    return this.#present?.recorder.path;
  }

  /** The present recording is whole up to now when this resolves. */
  async flush(): Promise<void> {
    await this.#present?.recorder.flush();
  }

  /** Stops all threads and closes the recording. */
  async close(): Promise<void> {
    if (this.#present !== undefined) await this.#end(this.#present);
  }

  async #begin(compiled: CompiledScenario): Promise<{ title: string }> {
    if (this.#present !== undefined) await this.#end(this.#present);
    const number = ++this.#count;
    const log = new BatchLog();
    // The first batch may come before the recorder is there: none is taken until this turn of the event loop is over.
    const session = new Session(this.#engine, compiled, (batch) => this.#take(present, batch));
    const stamp = new Date(session.meta.startedUnixMs).toISOString().replace(/[:.]/g, '-');
    const file = join(this.#recordingsFolder, `${stamp}-${process.pid}-${number}.arrows`);
    const recorder = new Recorder(file, session.meta, (error) =>
      this.#notice(
        'warning',
        `Recording stopped: ${error.message}. The session goes on; free the disk before the next run.`,
      ),
    );
    const present: Present = { number, session, log, recorder, closed: undefined };
    this.#present = present;
    this.#verdict = undefined;
    this.#sent = 0;
    this.#acknowledged = 0;
    this.#announce();
    void session.runEnded.then(() => this.#judge(present));
    return { title: compiled.scenario.title };
  }

  #take(present: Present, batch: Batch): void {
    present.log.push(batch);
    present.recorder.append(batch.records, batch.text);
    if (present.log.bytes > SESSION_BYTES && present.closed === undefined) {
      this.#notice(
        'warning',
        `The session reached ${SESSION_BYTES >> 20} MiB of events and was stopped; all of it is recorded.`,
      );
      void this.#end(present);
    }
    this.#feed();
  }

  #end(present: Present): Promise<void> {
    present.closed ??= this.#close(present);
    return present.closed;
  }

  async #close(present: Present): Promise<void> {
    this.#tellClock(present, 'stopping');
    await present.session.close();
    await present.recorder.close();
    this.#tellClock(present, 'ended');
  }

  async #judge(present: Present): Promise<void> {
    if ((present.session.compiled.scenario.expect ?? []).length === 0) return;
    const trace = await this.trace();
    if (trace === undefined || this.#present !== present) return;
    const { compiled } = present.session;
    const lacks = missingCapability(this.#engine.info, compiled.scenario);
    const verdict = lacks === undefined ? judge(compiled, trace) : notJudged(compiled.scenario, lacks);
    this.#verdict = { type: 'verdict', session: present.number, verdict };
    this.#sink?.send(this.#verdict);
  }

  #session(): Session {
    if (this.#present === undefined) throw new Error('There is no session yet. Run a scenario first.');
    return this.#present.session;
  }

  /** The start of the present session, then its batches, then what was said of it. */
  #announce(): void {
    const present = this.#present;
    if (this.#sink === undefined || present === undefined) return;
    const sites: SiteLabel[] = present.session.compiled.sites.map(({ as, routine }) => ({
      as: as ?? null,
      routine,
    }));
    this.#sink.send({ type: 'session', session: present.number, meta: present.session.meta, sites });
    this.#feed();
    if (this.#verdict !== undefined) this.#sink.send(this.#verdict);
    this.#tellClock(present, present.session.phase);
  }

  /** Sends what is new, as far as the page keeps up. */
  #feed(): void {
    const present = this.#present;
    if (this.#sink === undefined || present === undefined) return;
    while (this.#sent < present.log.length && this.#sent - this.#acknowledged < IN_FLIGHT) {
      const batch = present.log.get(this.#sent)!;
      this.#sent++;
      this.#sink.send({ type: 'batch', session: present.number, nowNs: this.#nowNs(present), ...batch });
    }
  }

  #tellClock(present: Present, state: SessionPhase): void {
    this.#sink?.send({ type: 'clock', session: present.number, nowNs: this.#nowNs(present), state });
  }

  #lastNowNs = 0;
  #nowNs(present: Present): number {
    if (present.session.phase !== 'ended') this.#lastNowNs = present.session.status.nowNs;
    return this.#lastNowNs;
  }

  #notice(level: 'info' | 'warning' | 'error', text: string): void {
    this.#sink?.send({ type: 'notice', level, text });
  }
}

/** Where the disk failed, the batches in memory still have everything. */
function fromBatches(present: Present): Trace {
  const trace = new Trace(present.session.meta);
  for (let sequence = 0; sequence < present.log.length; sequence++) {
    const batch = present.log.get(sequence)!;
    trace.appendRecords(batch.records, batch.text);
  }
  return trace;
}
