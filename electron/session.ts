import type { ObjectCall, SessionPhase } from '../apc-model/app-api.ts';
import type { CompiledScenario } from '../apc-model/compile.ts';
import {
  compileHandObject,
  compileHandStep,
  withTexts,
  type HandObjectEntry,
} from '../apc-model/compile-hand-step.ts';
import { ROUTINE_NONE } from '../apc-model/event.ts';
import { HandFault, type HandObject, type HandStep } from '../apc-model/hand-step.ts';
import { DEFAULT_TIMEOUT_MS } from '../apc-model/scenario.ts';
import type { TraceMeta } from '../apc-model/trace.ts';
import { EventPump, type Drained } from './event-pump.ts';
import type { NativeEngine, NativeSession, NativeStatus } from './native/bridge.ts';
import { SessionNames } from './session-names.ts';

/** How a scenario's run came to its end. */
export interface RunEnd {
  /** It was cut off by its `timeoutMs`. */
  timedOut: boolean;
  /** The user (or the caller) stopped it. */
  stopped: boolean;
  status: NativeStatus;
}

/** Who receives what a session publishes. */
export interface SessionListener {
  /** Every drain, in order. */
  take: (drained: Drained) => void;
  /** After each turn of the pump, also one that brought nothing. */
  turned?: (status: NativeStatus) => void;
}

/** Calls in a row from main that are certain to fit into its ring (three records each). */
const CALLS_BETWEEN_DRAINS = 1024;
/** How often the last resort of `apc_stop` is driven. */
const STOP_TURN_MS = 20;

/**
 * One session: a native session, its pump, and the run of its scenario. A run ends when the controller and all threads of
 * the scenario have ended, or at its timeout; threads made by hand may live on in the session until it is stopped.
 */
export class Session {
  readonly meta: TraceMeta;
  readonly compiled: CompiledScenario;
  /** Resolves when the scenario's run has ended and everything that it published has been handed out. */
  readonly runEnded: Promise<RunEnd>;
  readonly #native: NativeSession;
  readonly #pump: EventPump;
  readonly #listener: SessionListener;
  #phase: SessionPhase = 'running';
  #timeout: NodeJS.Timeout | undefined;
  #timedOut = false;
  #stopped: Promise<void> | undefined;
  #endRun!: (end: RunEnd) => void;
  #runIsOver = false;
  readonly #names: SessionNames;

  /**
   * @param timeoutMs instead of the scenario's own
   */
  constructor(
    engine: NativeEngine,
    compiled: CompiledScenario,
    listener: SessionListener,
    timeoutMs?: number,
  ) {
    this.compiled = compiled;
    this.#names = new SessionNames(compiled);
    this.#native = engine.open();
    this.meta = {
      engine: engine.info.engine,
      engineLabel: engine.info.label,
      os: engine.info.os,
      startedUnixMs: Number(this.#native.status().openedUnixNs / 1_000_000n),
      title: compiled.scenario.title,
      scenario: JSON.stringify(compiled.scenario),
    };
    this.runEnded = new Promise((resolve) => (this.#endRun = resolve));
    this.#listener = listener;
    this.#pump = new EventPump(this.#native, listener.take, () => this.#look());
    try {
      this.#native.load(compiled.program);
      this.#native.start();
    } catch (error) {
      this.#native.close();
      throw error;
    }
    this.#pump.start();
    this.#timeout = setTimeout(
      () => this.#cutOff(),
      timeoutMs ?? compiled.scenario.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    );
  }

  get phase(): SessionPhase {
    return this.#phase;
  }
  get status(): NativeStatus {
    return this.#native.status();
  }

  createThread(suspended: boolean): { thread: number; name: string } {
    this.#mustRun();
    const name = this.#names.freeThreadName();
    const thread = this.#native.createThread(name, ROUTINE_NONE, suspended);
    this.#names.addThread(name, thread);
    this.#pump.wake();
    return { thread, name };
  }

  /** @returns how many of `count` calls QueueUserAPC accepted */
  queueUserApc(thread: number, routine: number, data: number, count: number): number {
    this.#mustRun();
    let queued = 0;
    for (let at = 0; at < count; at++) {
      if (this.#native.queueUserApc(thread, routine, BigInt(data + at)) !== 0) queued++;
      // Main's own ring is drained by main: nobody else makes room in it meanwhile.
      if (at % CALLS_BETWEEN_DRAINS === CALLS_BETWEEN_DRAINS - 1) this.#pump.flush();
    }
    this.#pump.wake();
    return queued;
  }

  /** Throws a HandFault where the step names what is not there. */
  handStep(thread: number, step: HandStep): number {
    return this.#act(() => {
      const { instruction, constants, operands, texts, makes } = compileHandStep(step, this.#names);
      const indices = texts.map((text) => this.#text(text));
      if (makes !== undefined) this.#make(makes);
      return this.#native.handStep(thread, withTexts(instruction, indices), constants, operands);
    });
  }

  /** Throws a HandFault where its name is taken or its parameters contradict each other. */
  createObject(object: HandObject, name: string | null): { object: number; name: string } {
    return this.#act(() => {
      const entry = compileHandObject(object, name, this.#names);
      return { object: this.#make(entry), name: entry.name };
    });
  }
  #make(entry: HandObjectEntry): number {
    const parameters = entry.text === undefined ? entry.parameters : [BigInt(this.#text(entry.text))];
    const object = this.#native.createObject(entry.name, entry.type, parameters);
    this.#names.addObject(entry);
    return object;
  }

  #text(text: string): number {
    const { texts } = this.#names;
    const index = texts.get(text) ?? this.#native.defineText(text);
    if (index === undefined)
      throw new HandFault(
        'text',
        'this session has no room for more texts: it keeps 16 MiB of them; use one that it had before, or run the scenario again',
      );
    texts.set(text, index);
    return index;
  }

  /** @returns what the call returned */
  changeObject(call: ObjectCall, object: number, count: number): boolean {
    return this.#act(() => this.#native.changeObject(call, object, count)) !== 0;
  }

  suspendThread(thread: number): number {
    return this.#act(() => this.#native.suspendThread(thread));
  }
  resumeThread(thread: number): number {
    return this.#act(() => this.#native.resumeThread(thread));
  }
  endThread(thread: number): void {
    this.#act(() => this.#native.endThread(thread, 0));
  }

  /** Ends every thread; resolves when all have ended and every event has been handed out. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  /** Stops, then frees the native session. */
  async close(): Promise<void> {
    await this.stop();
    while (!this.#native.close()) await turn(STOP_TURN_MS);
  }

  async #stop(): Promise<void> {
    clearTimeout(this.#timeout);
    this.#phase = 'stopping';
    for (;;) {
      this.#native.stop();
      this.#pump.wake();
      const { threadsAlive, controllerAlive } = this.#native.status();
      if (threadsAlive === 0 && !controllerAlive) break;
      await turn(STOP_TURN_MS);
    }
    this.#seeObjects();
    this.#pump.stop();
    this.#listener.turned?.(this.#native.status());
    this.#phase = 'ended';
    this.#finishRun(!this.#timedOut);
  }

  #cutOff(): void {
    if (this.#runIsOver) return;
    this.#timedOut = true;
    void this.stop();
  }

  /** After each turn of the pump: has the scenario come to its end? */
  #look(): void {
    const status = this.#native.status();
    this.#listener.turned?.(status);
    if (this.#runIsOver || this.#stopped !== undefined) return;
    const { controllerAlive, programThreadsAlive } = status;
    if (controllerAlive || programThreadsAlive > 0) return;
    this.#seeObjects();
    this.#pump.flush();
    this.#finishRun(false);
  }

  /** At the end of a run: what its objects have become belongs to the trace. */
  #seeObjects(): void {
    if (!this.#runIsOver) this.#native.queryObjects();
  }

  #finishRun(stopped: boolean): void {
    if (this.#runIsOver) return;
    this.#runIsOver = true;
    clearTimeout(this.#timeout);
    this.#endRun({ timedOut: this.#timedOut, stopped, status: this.#native.status() });
  }

  #act<Result>(action: () => Result): Result {
    this.#mustRun();
    const result = action();
    this.#pump.wake();
    return result;
  }

  #mustRun(): void {
    if (this.#phase !== 'running')
      throw new Error('The session has ended. Run a scenario to begin a new one.');
  }
}

const turn = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
