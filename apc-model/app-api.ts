import type { HandObject, HandStep } from './hand-step.ts';
import type { TraceMeta } from './trace.ts';

/**
 * What the page may ask of the main process, and what main streams to the page. The preload, main's handlers and the
 * page are all typed from here; main checks every command at run time against `electron/command-schema.ts`, which the
 * compiler holds to these types.
 */

/** The one request channel. */
export const COMMAND_CHANNEL = 'alertable:command';
/** Main hands the page its end of the stream's MessagePort on this channel; the preload passes it on by postMessage. */
export const STREAM_CHANNEL = 'alertable:stream';

/** What main itself does to an object. */
export type ObjectCall = 'setEvent' | 'resetEvent' | 'pulseEvent' | 'releaseSemaphore';

export type Appearance = 'system' | 'light' | 'dark';
export type PictureColours = 'light' | 'dark';

export interface PictureRequest {
  /** Session time at the left and right edge, nanoseconds; null is everything. */
  range: { startNs: number; endNs: number } | null;
  widthPx: number;
  scale: 1 | 2 | 4;
  colours: PictureColours;
}

/** What a trace can be exported as, beside pictures. */
export type TraceFormat = 'chromeJson' | 'csv' | 'jsonLines';

/** How far an export is, `share` from 0 to 1. */
export interface ExportProgress {
  path: string;
  share: number;
}

/** Each command with its fields; `CommandResults` has what it answers. */
export type Command =
  | { type: 'getAppInfo' }
  /** Ends the present session and starts this built-in scenario in a new one. */
  | { type: 'runScenario'; name: string }
  /** Starts the scenario of the present session in a new one: also one that came from a file. */
  | { type: 'runAgain' }
  | { type: 'stop' }
  | { type: 'createThread'; suspended: boolean }
  | { type: 'queueUserApc'; thread: number; routine: number; data: number; count: number }
  /** Lets a hand-driven thread make one call. Threads, objects and routines are named as in a scenario. */
  | { type: 'handStep'; thread: number; step: HandStep }
  /** Without a name it gets one: event1, event2 … */
  | { type: 'createObject'; name: string | null; object: HandObject }
  /** `count` is releaseSemaphore's. */
  | { type: 'changeObject'; call: ObjectCall; object: number; count: number }
  | { type: 'suspendThread'; thread: number }
  | { type: 'resumeThread'; thread: number }
  | { type: 'endThread'; thread: number }
  /** Events of the session from its event `from` on: ranges that the page has let go. At most MOST_FETCHED. */
  | { type: 'fetchEvents'; session: number; from: number; count: number }
  /** Asks which file by the system's dialog: a saved trace, or a scenario to run. */
  | { type: 'openFile' }
  /** Opens a file that was dropped on the window. */
  | { type: 'openDropped'; path: string }
  /** What an earlier start of the app left unfinished: see the stream's `interrupted`. */
  | { type: 'openInterrupted'; id: string }
  | { type: 'discardInterrupted'; id: string }
  /** Asks where by the system's save dialog, paints and writes. */
  | { type: 'savePicture'; format: 'png' | 'svg'; picture: PictureRequest }
  /** Paints a PNG for the page to put on the clipboard. */
  | { type: 'paintPng'; picture: PictureRequest }
  | { type: 'saveTrace' }
  /** Asks where, and writes the session's events in another format; `range` as in a PictureRequest. */
  | { type: 'exportTrace'; format: TraceFormat; range: PictureRequest['range'] }
  /** Ends the export under way: its exportTrace then answers null. */
  | { type: 'cancelExport' }
  | { type: 'getSettings' }
  | { type: 'setSettings'; settings: Settings };

/** What one `fetchEvents` may ask for. */
export const MOST_FETCHED = 65_536;

export interface Settings {
  appearance: Appearance;
  axis: 'time' | 'events';
}

/** A session whose process ended before it could: whole up to its last batch. */
export interface InterruptedSession {
  id: string;
  title: string;
  engineLabel: string;
  startedUnixMs: number;
}

export interface ScenarioSummary {
  /** How `runScenario` names it. */
  name: string;
  title: string;
  about: string;
}

export interface AppInfo {
  appVersion: string;
  electronVersion: string;
  chromiumVersion: string;
  nodeVersion: string;
  /** `official` or `registry` (see README: which Electron runs), empty when packaged. */
  electronSource: string;
  engineLabel: string;
  os: string;
  scenarios: ScenarioSummary[];
}

export interface CommandResults {
  getAppInfo: AppInfo;
  runScenario: { title: string };
  runAgain: { title: string };
  stop: null;
  createThread: { thread: number; name: string };
  queueUserApc: { queued: number };
  handStep: { mailbox: number };
  createObject: { object: number; name: string };
  /** What the call returned: TRUE or FALSE. */
  changeObject: { succeeded: boolean };
  suspendThread: { previousCount: number };
  resumeThread: { previousCount: number };
  endThread: null;
  /** Fewer than asked for where the rest can't be had any more. The names' offsets count from the begin of `text`. */
  fetchEvents: { first: number; events: number; records: Uint8Array; text: Uint8Array };
  /** Null where the user chose none. */
  openFile: { title: string } | null;
  openDropped: { title: string };
  openInterrupted: { title: string };
  discardInterrupted: null;
  savePicture: { path: string } | null;
  paintPng: { png: Uint8Array };
  saveTrace: { path: string } | null;
  exportTrace: { path: string } | null;
  cancelExport: null;
  getSettings: Settings;
  setSettings: null;
}

/** A refused or failed command: one sentence that says what happened and what to do. */
export interface CommandError {
  error: string;
  /** Of a step or an object by hand: the parameter that can't be so, and what would be right. */
  at?: FieldProblem;
}
export interface FieldProblem {
  field: string;
  problem: string;
}
export type CommandAnswer<T extends Command['type']> = { ok: CommandResults[T] } | CommandError;

/** One expectation's fate, for the page's verdict. */
export interface ExpectationOutcome {
  index: number;
  /** `differs`: it does not hold, as the scenario documents for this engine. */
  status: 'passed' | 'failed' | 'skipped' | 'differs';
  /** What the scenario says must be seen, in words. */
  expected: string;
  /** What was seen, in words. */
  actual: string;
  /** The few events around what failed, a line each. */
  around?: string[];
}

export interface Verdict {
  status: 'passed' | 'failed' | 'skipped' | 'differs';
  /** Why it was skipped. */
  reason?: string;
  expectations: ExpectationOutcome[];
}

/** What a scenario's step was called (`as`) and where it stands: the page labels calls by it. */
export interface SiteLabel {
  as: string | null;
  routine: string;
}

/** Main to page, over the MessagePort. */
export type StreamMessage =
  /** A new session begins: forget the one before. `session` rises. */
  /** `opened`: it is a saved trace, out of this file. `budgetBytes`: what its events may take in the page. */
  | {
      type: 'session';
      session: number;
      meta: TraceMeta;
      sites: SiteLabel[];
      opened: { path: string } | null;
      budgetBytes: number;
    }
  /**
   * The next batch, whose first event is the session's event `first`. `records` and `text` as EventTable.appendRecords
   * takes them; `nowNs` is the session's clock. Main sends four ahead of what the page acknowledges.
   */
  | {
      type: 'batch';
      session: number;
      sequence: number;
      first: number;
      nowNs: number;
      /** Events of the session behind this batch that had happened by then. */
      behind: number;
      records: Uint8Array;
      text: Uint8Array;
    }
  /** The session's events from `from` up to and without `to` can't be had any more: the next batch begins with `to`. */
  | { type: 'missed'; session: number; from: number; to: number }
  /** So many events have been lost so far because a thread's ring was full. Their place on the axis comes as an event. */
  | { type: 'lost'; session: number; count: number }
  /** What an earlier start of the app left unfinished; an empty list takes the offer back. */
  | { type: 'interrupted'; sessions: InterruptedSession[] }
  /** The session's clock when its phase changes. While `running` the page goes on from the last `nowNs` by its own clock. */
  | { type: 'clock'; session: number; nowNs: number; state: SessionPhase }
  | { type: 'verdict'; session: number; verdict: Verdict }
  /** An export that takes longer than half a second; null when it is over. */
  | { type: 'export'; progress: ExportProgress | null }
  /** The menu changed the settings. What the page changes itself is never told back: two quick changes would chase each other. */
  | { type: 'settings'; settings: Settings }
  /** A sentence for the user about something that happened by itself (recording failed, a session was cut off …). */
  | { type: 'notice'; level: 'info' | 'warning' | 'error'; text: string };

/** `running`: its threads live or can be made; `ended`: stopped, the trace is complete. */
export type SessionPhase = 'running' | 'stopping' | 'ended';

/** Page to main, over the MessagePort. */
export type StreamAnswer = { type: 'ready' } | { type: 'acknowledge'; session: number; sequence: number };

/** What the preload puts on `window.alertable`. */
export interface AlertableBridge {
  command<T extends Command['type']>(command: Extract<Command, { type: T }>): Promise<CommandAnswer<T>>;
  /** Opens a File that was dropped on the page. Only the preload learns where it lies: the page names no paths. */
  openDropped(file: unknown): Promise<CommandAnswer<'openDropped'>>;
}
