import { mkdirSync } from 'node:fs';
import type {
  Command,
  CommandResults,
  ScenarioSummary,
  SessionPhase,
  StreamAnswer,
  StreamMessage,
} from '../apc-model/app-api.ts';
import type { CompiledScenario } from '../apc-model/compile.ts';
import { missingCapability } from '../apc-model/capabilities.ts';
import { judge, notJudged } from '../apc-model/expectation.ts';
import { moveTexts } from '../apc-model/record-texts.ts';
import { Trace } from '../apc-model/trace.ts';
import { Feed } from './feed.ts';
import { LiveSession } from './live-session.ts';
import { NativeEngine } from './native/bridge.ts';
import { OpenedTrace } from './opened-trace.ts';
import type { Batch } from './recent-events.ts';
import { Recordings } from './recordings.ts';
import { BuiltInScenarios, readScenarioFile } from './scenarios.ts';
import type { Session } from './session.ts';
import { joinBatches } from './session-log.ts';
import { reasonOf } from './write-file.ts';

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
      | 'endThread'
      | 'fetchEvents';
  }
>;

export interface LaboratoryOptions {
  /** Where the native library lies. */
  nativeFolder: string;
  scenariosFolder: string;
  /** Made if it is missing. */
  recordingsFolder: string;
  /** What it may hold; asked anew each time. */
  recordingsLimitBytes?: () => number;
  /** What the events of a session may take in the page. */
  pageBudgetBytes?: number;
  /** What main keeps of a session in memory, for tests; older events are read back from the recording. */
  recentBytes?: number;
}

/** Of the page's memory; what is derived for the lanes adds less than a tenth. */
const PAGE_BUDGET_BYTES = 480 * 2 ** 20;
/** What is read back at a time, where all of it is wanted. */
const EVENTS_AT_A_TIME = 16_384;

/** What the page shows: a session of this process, or a saved trace. */
type Shown = LiveSession | OpenedTrace;

/** The present session and what can be done to it: everything of the main process but windows. */
export class Laboratory {
  readonly #engine: NativeEngine;
  readonly #scenarios: BuiltInScenarios;
  readonly recordings: Recordings;
  readonly #limitBytes: () => number;
  readonly #recentBytes: number | undefined;
  readonly #pageBudgetBytes: number;
  #shown: Shown | undefined;
  #count = 0;
  #sink: StreamSink | undefined;
  #feed: Feed | undefined;
  #verdict: StreamMessage | undefined;
  #whenShown: () => void = () => {};

  /** Throws with one plain sentence when the native library is missing or of another ABI. */
  constructor(options: LaboratoryOptions) {
    this.#engine = new NativeEngine(options.nativeFolder);
    this.#scenarios = new BuiltInScenarios(options.scenariosFolder);
    mkdirSync(options.recordingsFolder, { recursive: true });
    this.recordings = new Recordings(options.recordingsFolder);
    this.#recentBytes = options.recentBytes;
    this.#pageBudgetBytes = options.pageBudgetBytes ?? PAGE_BUDGET_BYTES;
    this.#limitBytes = options.recordingsLimitBytes ?? (() => Infinity);
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
    this.#announce();
  }
  detach(): void {
    this.#sink = undefined;
    this.#feed?.stop();
    this.#feed = undefined;
  }

  answer(answer: StreamAnswer): void {
    if (answer.type === 'acknowledge' && answer.session === this.#shown?.number)
      this.#feed?.acknowledge(answer.sequence);
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
        return this.#begin(this.#again());
      case 'stop':
        await this.#endShown();
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
      case 'fetchEvents':
        return this.#fetch(command.session, command.from, command.count);
    }
  }

  /** Events of a range as far as they lie in a row; none where they can't be had any more. */
  async #fetch(session: number, from: number, count: number): Promise<CommandResults['fetchEvents']> {
    const shown = this.#shown;
    if (shown?.number !== session) throw new Error('That session is not there any more.');
    const batches: Batch[] = [];
    let next = from;
    while (next < from + count) {
      const found = await shown.log.read(next, from + count - next);
      if (found === undefined || 'missed' in found) break;
      batches.push(found.batch);
      next += found.batch.events;
    }
    return { first: from, events: next - from, ...joinBatches(batches) };
  }

  async runScenarioFile(path: string): Promise<{ title: string }> {
    return this.#begin(readScenarioFile(path));
  }

  /** Shows a saved trace in place of the session, which ends. Rejects with a sentence where it is none. */
  async openTrace(path: string): Promise<{ title: string }> {
    // The number is taken when the file has turned out to be a trace: until then the session stays.
    const trace = await OpenedTrace.open(this.#count + 1, path, this.#recentBytes);
    await this.#endShown();
    this.#show(trace);
    const fault = await trace.fill(() => this.#feed?.caughtUp() ?? Promise.resolve());
    if (this.#shown !== trace) return { title: trace.meta.title };
    this.#feed?.feed();
    this.#tellClock(trace, 'ended');
    if (fault !== undefined) this.#notice('warning', fault);
    return { title: trace.meta.title };
  }

  /** Opens what was interrupted, with its end put in order. */
  async openInterrupted(path: string): Promise<{ title: string }> {
    await this.recordings.mend(path).catch((error: unknown) => {
      throw new Error(`${path} was not opened: ${reasonOf(error, 'reading')}.`, { cause: error });
    });
    return this.openTrace(path);
  }

  /** The trace so far; undefined before the first session. What can't be had any more is left out. */
  async trace(): Promise<Trace | undefined> {
    const shown = this.#shown;
    if (shown === undefined) return undefined;
    const trace = new Trace(shown.meta);
    let texts = 0;
    const end = shown.log.end;
    for (let from = 0; from < end;) {
      const found = await shown.log.read(from, EVENTS_AT_A_TIME);
      if (found === undefined) break;
      if ('missed' in found) {
        from = found.missed.to;
        continue;
      }
      const records = Uint8Array.from(found.batch.records);
      moveTexts(records, texts);
      texts += found.batch.text.length;
      trace.appendRecords(records, found.batch.text);
      from += found.batch.events;
    }
    return trace;
  }

  /** Calls back when something else is shown, and when that has ended. */
  onShown(listener: () => void): void {
    this.#whenShown = listener;
  }

  /** Of what is shown. */
  get title(): string | undefined {
    return this.#shown?.meta.title;
  }

  /** Where the present session is being (or was) recorded, or what file is open. */
  traceFile(): string | undefined {
    return this.#shown?.path;
  }

  /** Writes the present trace, whole up to now. Rejects with a sentence. */
  async saveTrace(file: string): Promise<void> {
    if (this.#shown === undefined) throw new Error('There is no trace to save yet: run a scenario first.');
    await this.#shown.save(file);
  }

  /** Stops all threads and closes the recording. */
  async close(): Promise<void> {
    await this.#endShown();
    this.#feed?.stop();
    await this.#shown?.release();
  }

  async #begin(compiled: CompiledScenario): Promise<{ title: string }> {
    await this.#endShown();
    const number = this.#count + 1;
    const live: LiveSession = new LiveSession(
      number,
      this.#engine,
      compiled,
      (startedUnixMs) => this.recordings.pathFor(startedUnixMs, number),
      {
        published: () => this.#ifShown(live, () => this.#feed?.feed()),
        lost: (count) =>
          this.#ifShown(live, () => this.#sink?.send({ type: 'lost', session: number, count })),
        paused: (error) =>
          this.#notice(
            'warning',
            `Recording is paused: ${reasonOf(error)}. The session goes on, and recording too as soon as the disk allows it.`,
          ),
        resumed: () => this.#notice('info', 'Recording goes on.'),
        leftOut: once(() =>
          this.#notice(
            'warning',
            live.recorder.failure === undefined
              ? 'The disk is too slow for this session: its recording has gaps, which count as lost events.'
              : 'The recording has been paused for too long: what happens until it goes on is missing from it, and counts as lost events.',
          ),
        ),
        grew: () => void this.keepToLimit(),
      },
      this.#recentBytes,
    );
    this.#show(live);
    void this.keepToLimit();
    void live.session.runEnded.then(() => this.#judge(live));
    return { title: compiled.scenario.title };
  }

  #show(shown: Shown): void {
    this.#feed?.stop();
    void this.#shown?.release();
    this.#count = shown.number;
    this.#shown = shown;
    this.#verdict = undefined;
    this.#announce();
    this.#whenShown();
  }

  #ifShown(shown: Shown, work: () => void): void {
    if (this.#shown === shown) work();
  }

  async #endShown(): Promise<void> {
    const shown = this.#shown;
    if (shown === undefined) return;
    if (shown.phase !== 'ended') this.#tellClock(shown, 'stopping');
    await shown.close();
    if (this.#shown === shown) this.#tellClock(shown, 'ended');
    this.#whenShown();
  }

  /** Removes the oldest recordings that are beyond the limit, and says so. */
  async keepToLimit(): Promise<void> {
    try {
      const inUse = new Set(this.#shown === undefined ? [] : [this.#shown.path]);
      const { count, bytes } = await this.recordings.keepTo(this.#limitBytes(), inUse);
      if (count > 0) this.#notice('info', removalText(count, bytes));
    } catch (error) {
      this.#notice('warning', `Old recordings could not be removed: ${reasonOf(error)}.`);
    }
  }

  async #judge(live: LiveSession): Promise<void> {
    const { compiled } = live.session;
    if ((compiled.scenario.expect ?? []).length === 0 || this.#shown !== live) return;
    const trace = await this.trace();
    if (trace === undefined || this.#shown !== live) return;
    const lacks = missingCapability(this.#engine.info, compiled.scenario);
    const verdict = lacks === undefined ? judge(compiled, trace) : notJudged(compiled.scenario, lacks);
    this.#verdict = { type: 'verdict', session: live.number, verdict };
    this.#sink?.send(this.#verdict);
  }

  #session(): Session {
    const shown = this.#shown;
    if (shown === undefined) throw new Error('There is no session yet. Run a scenario first.');
    if (shown instanceof OpenedTrace)
      throw new Error(
        'This is a saved trace, and nothing runs in it. Run a scenario to begin a new session.',
      );
    return shown.session;
  }

  /** The scenario of what is shown. */
  #again(): CompiledScenario {
    if (!(this.#shown instanceof OpenedTrace)) return this.#session().compiled;
    const { compiled } = this.#shown;
    if (compiled === undefined)
      throw new Error('This trace has no scenario in it that could be run. Choose one in the toolbar.');
    return compiled;
  }

  /** The start of what is shown, then its batches, then what was said of it. */
  #announce(): void {
    this.#feed?.stop();
    this.#feed = undefined;
    const shown = this.#shown;
    const sink = this.#sink;
    if (sink === undefined || shown === undefined) return;
    const { number: session, meta, sites, opened, lost, log } = shown;
    sink.send({ type: 'session', session, meta, sites, opened, budgetBytes: this.#pageBudgetBytes });
    if (lost > 0) sink.send({ type: 'lost', session, count: lost });
    const nowNs = () => shown.nowNs();
    this.#feed = new Feed({ session, log, nowNs, send: (message) => sink.send(message) });
    this.#feed.feed();
    if (this.#verdict !== undefined) sink.send(this.#verdict);
    this.#tellClock(shown, shown.phase);
  }

  #tellClock(shown: Shown, state: SessionPhase): void {
    this.#sink?.send({ type: 'clock', session: shown.number, nowNs: shown.nowNs(), state });
  }

  #notice(level: 'info' | 'warning' | 'error', text: string): void {
    this.#sink?.send({ type: 'notice', level, text });
  }
}

/** `the oldest recording was removed (12 MB) …` */
function removalText(count: number, bytes: number): string {
  const what = count === 1 ? 'The oldest recording was' : `The ${count} oldest recordings were`;
  const size = `${Math.max(1, Math.round(bytes / 1e6)).toLocaleString('en-US')} MB`;
  return `${what} removed (${size}) to keep to the limit. File › Recordings says what it is, and keeps those you pin.`;
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}
