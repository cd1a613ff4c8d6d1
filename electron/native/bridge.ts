import type { ObjectCall } from '../../apc-model/app-api.ts';
import { Call, ObjectType, RECORD_BYTES, type ObjectTypeName } from '../../apc-model/event.ts';
import { INSTRUCTION_BYTES, writeInstruction, type Instruction } from '../../apc-model/program.ts';
import { loadLibrary, readText, type ApcLibrary } from './library.ts';

/** What an engine is and can do, as apc_engine tells it. */
export interface EngineInfo {
  engine: 'posix' | 'win32';
  label: string;
  os: string;
  capabilities: { name: string; present: boolean; reason: string }[];
}

/** Reads the JSON that apc_engine writes; a capability that is present has no reason. */
export function parseEngineInfo(json: string): EngineInfo {
  const info = JSON.parse(json) as EngineInfo;
  const capabilities = info.capabilities.map((one) => ({
    ...one,
    reason: (one.reason as string | undefined) ?? '',
  }));
  return { ...info, capabilities };
}

/** A call into the native library that it refused: `message` is a sentence for the user. */
export class NativeError extends Error {
  readonly code: number;
  constructor(doing: string, code: number, text: string) {
    super(`${doing}: ${text}`);
    this.name = 'NativeError';
    this.code = code;
  }
}

const ERROR_LIMIT = -6;
const ERROR_BUSY = -8;

export interface NativeStatus {
  nowNs: number;
  openedUnixNs: bigint;
  published: number;
  lost: number;
  apcs: {
    queued: number;
    delivered: number;
    cancelled: number;
    vanished: number;
    lost: number;
    pending: number;
  };
  threadsCreated: number;
  threadsAlive: number;
  controllerAlive: boolean;
  programThreadsAlive: number;
  started: boolean;
  stopping: boolean;
}
const STATUS_BYTES = 10 * 8 + 6 * 4;

export interface DrainInfo {
  records: number;
  heads: number;
  textBytes: number;
  left: boolean;
}

/** The native engine of this machine. All of it is to be used from the thread that made it. */
export class NativeEngine {
  readonly info: EngineInfo;
  readonly #library: ApcLibrary;

  /** @param folder where the native library lies. Throws with one plain sentence when it is missing or does not match. */
  constructor(folder: string) {
    this.#library = loadLibrary(folder);
    this.info = parseEngineInfo(readText(this.#library.apc_engine));
  }

  open(): NativeSession {
    return new NativeSession(this.#library);
  }
}

/** One session: threads, queues and the events that they publish. */
export class NativeSession {
  readonly #library: ApcLibrary;
  /** The library's own number for the session: a wrong one is refused, never followed. */
  readonly #id: number;
  readonly #info = new Uint32Array(4);
  readonly #status = new Uint8Array(STATUS_BYTES);
  #bell: { remove: () => void } | undefined;
  #open = true;

  constructor(library: ApcLibrary) {
    this.#library = library;
    this.#id = this.#check('Opening a session', library.apc_open(null));
  }

  load(program: Uint8Array): void {
    this.#check('Loading the program', this.#library.apc_load(this.#id, program, program.length));
  }
  start(): void {
    this.#check('Starting the session', this.#library.apc_start(this.#id));
  }

  /** @returns the new thread's index */
  createThread(name: string, routine: number, suspended: boolean): number {
    return this.#check(
      'CreateThread',
      this.#library.apc_create_thread(this.#id, name, routine, suspended ? 1 : 0),
    );
  }
  /** @returns what QueueUserAPC returned: 0 is a failure, whose error is in the trace */
  queueUserApc(thread: number, routine: number, data: bigint): number {
    return this.#check('QueueUserAPC', this.#library.apc_queue_user_apc(this.#id, thread, routine, data));
  }
  suspendThread(thread: number): number {
    return this.#check('SuspendThread', this.#library.apc_suspend_thread(this.#id, thread));
  }
  resumeThread(thread: number): number {
    return this.#check('ResumeThread', this.#library.apc_resume_thread(this.#id, thread));
  }
  endThread(thread: number, exitCode: number): void {
    this.#check('Ending the thread', this.#library.apc_end_thread(this.#id, thread, exitCode));
  }
  /**
   * @param constants what constant operands index, at most six
   * @param operands what list operands index: a count, then that many operands
   * @returns how many steps stand in the thread's mailbox now
   */
  handStep(
    thread: number,
    step: Instruction,
    constants: readonly bigint[],
    operands: readonly number[] = [],
  ): number {
    const bytes = new Uint8Array(INSTRUCTION_BYTES);
    writeInstruction(new DataView(bytes.buffer), 0, step);
    const list = operands.length === 0 ? null : Uint32Array.from(operands);
    return this.#check(
      'Handing in a step',
      this.#library.apc_step(this.#id, thread, bytes, padded(constants, 6), list, operands.length),
    );
  }

  /**
   * Keeps a text for steps and objects made by hand, as long as the session lives.
   * @returns its index; undefined where the session has no room for it
   */
  defineText(text: string): number | undefined {
    const bytes = utf8.encode(text);
    const index = this.#library.apc_define_text(this.#id, bytes, bytes.length);
    return index === ERROR_LIMIT ? undefined : this.#check('Keeping the text', index);
  }

  /**
   * Makes an object by hand.
   * @param parameters as apc.h says for each type ("Objects"), at most three
   * @returns the new object's index; of a pipe that of its reading end, behind which the writing end lies
   */
  createObject(name: string, type: ObjectTypeName, parameters: readonly bigint[]): number {
    return this.#check(
      'Making the object',
      this.#library.apc_create_object(this.#id, name, ObjectType[type], padded(parameters, 3)),
    );
  }
  /** @returns what the call returned: 0 is a failure, whose error is in the trace */
  changeObject(call: ObjectCall, object: number, count: number): number {
    return this.#check(
      'Changing the object',
      this.#library.apc_change_object(this.#id, Call[call], object, count),
    );
  }
  /** Lets the present state of every object be told by an event. */
  queryObjects(): void {
    this.#check('Reading the objects', this.#library.apc_query_objects(this.#id));
  }

  /** Begins to end every thread; call it again from time to time until `status().threadsAlive` is 0. */
  stop(): void {
    this.#check('Stopping', this.#library.apc_stop(this.#id));
  }

  /** Fills `records` (a multiple of RECORD_BYTES) with a consistent cut. */
  drain(records: Uint8Array): DrainInfo {
    this.#check(
      'Draining',
      this.#library.apc_drain(this.#id, records, records.length / RECORD_BYTES, this.#info),
    );
    const [written, heads, textBytes, left] = this.#info;
    return { records: written!, heads: heads!, textBytes: textBytes!, left: left !== 0 };
  }

  /** The text table's bytes from `from` to `to`. */
  text(from: number, to: number): Uint8Array {
    const bytes = new Uint8Array(to - from);
    if (bytes.length === 0) return bytes;
    const got = this.#check(
      'Reading names',
      this.#library.apc_drain_text(this.#id, from, bytes, bytes.length),
    );
    return bytes.subarray(0, got);
  }

  status(): NativeStatus {
    this.#check('Reading the status', this.#library.apc_status_of(this.#id, this.#status));
    const view = new DataView(this.#status.buffer);
    const u64 = (at: number): bigint => view.getBigUint64(at * 8, true);
    const number = (at: number): number => Number(u64(at));
    const u32 = (at: number): number => view.getUint32(80 + at * 4, true);
    return {
      nowNs: number(0),
      openedUnixNs: u64(1),
      published: number(2),
      lost: number(3),
      apcs: {
        queued: number(4),
        delivered: number(5),
        cancelled: number(6),
        vanished: number(7),
        lost: number(8),
        pending: number(9),
      },
      threadsCreated: u32(0),
      threadsAlive: u32(1),
      controllerAlive: u32(2) !== 0,
      programThreadsAlive: u32(3),
      started: u32(4) !== 0,
      stopping: u32(5) !== 0,
    };
  }

  /** `ring` is called on this thread's event loop, once after each arming, when something has been published. */
  setDoorbell(ring: () => void): void {
    const bell = this.#library.setDoorbell(this.#id, ring);
    this.#check('Setting the doorbell', bell.code);
    this.#bell = bell;
  }
  /** @returns false when records are already waiting (then it is not armed) */
  armDoorbell(): boolean {
    return this.#check('Arming the doorbell', this.#library.apc_arm_doorbell(this.#id)) === 0;
  }

  /** Frees the session. @returns false while a thread still lives: turn the event loop and call again */
  close(): boolean {
    if (!this.#open) return true;
    const code = this.#library.apc_close(this.#id);
    if (code === ERROR_BUSY) return false;
    this.#check('Closing the session', code);
    this.#open = false;
    this.#bell?.remove();
    return true;
  }

  #check(doing: string, code: number): number {
    // Results of Win32 calls such as 0xFFFFFFFF come back as -1; apc_errors lie in a small negative range.
    if (code < 0 && code > -100) throw new NativeError(doing, code, readText(this.#library.apc_error_text));
    return code;
  }
}

const utf8 = new TextEncoder();

/** So many 64-bit values, of which those that are not given are 0. */
function padded(given: readonly bigint[], count: number): BigUint64Array {
  const values = new BigUint64Array(count);
  given.forEach((value, at) => (values[at] = value));
  return values;
}
