import { existsSync } from 'node:fs';
import { join } from 'node:path';
import koffi from 'koffi';
import { abiDifference } from '../../apc-model/abi.ts';
import { ABI_VERSION, RECORD_BYTES } from '../../apc-model/event.ts';

/**
 * The native library's functions: the one place that knows koffi. Raw; `bridge.ts` makes them safe. Every function is to
 * be called from the thread that loaded the library, and none blocks.
 */
export interface ApcLibrary {
  apc_describe: (text: Uint8Array | null, capacity: number) => number;
  apc_engine: (json: Uint8Array | null, capacity: number) => number;
  apc_error_text: (text: Uint8Array | null, capacity: number) => number;
  apc_open: (options: Uint8Array | null) => number;
  apc_load: (session: number, program: Uint8Array, bytes: number) => number;
  apc_start: (session: number) => number;
  apc_create_thread: (session: number, name: string, routine: number, suspended: number) => number;
  apc_queue_user_apc: (session: number, thread: number, routine: number, data: bigint) => number;
  apc_suspend_thread: (session: number, thread: number) => number;
  apc_resume_thread: (session: number, thread: number) => number;
  apc_end_thread: (session: number, thread: number, exitCode: number) => number;
  apc_step: (
    session: number,
    thread: number,
    step: Uint8Array,
    constants: BigUint64Array,
    operands: Uint32Array | null,
    operandCount: number,
  ) => number;
  apc_define_text: (session: number, text: Uint8Array, bytes: number) => number;
  apc_create_object: (session: number, name: string, type: number, parameters: BigUint64Array) => number;
  apc_change_object: (session: number, call: number, object: number, count: number) => number;
  apc_query_objects: (session: number) => number;
  apc_stop: (session: number) => number;
  apc_status_of: (session: number, status: Uint8Array) => number;
  apc_drain: (session: number, records: Uint8Array, capacity: number, info: Uint32Array) => number;
  apc_drain_text: (session: number, from: number, bytes: Uint8Array, capacity: number) => number;
  apc_arm_doorbell: (session: number) => number;
  apc_close: (session: number) => number;
  /** Lets `ring` be called, on this thread's event loop, after each arming. Returns what takes it away again. */
  setDoorbell(session: number, ring: () => void): { code: number; remove: () => void };
}

/** koffi keeps type names for the whole process: made once. */
const doorbell = koffi.proto('void apc_doorbell(int32_t session)');

/** Loads the library from a folder. Throws an Error with one plain sentence when it is missing or of another ABI. */
export function loadLibrary(folder: string): ApcLibrary {
  const file = join(folder, fileName());
  if (!existsSync(file)) {
    throw new Error(
      `The native library ${file} is missing. Run "npm start" or "npm run setup" once: it builds it.`,
    );
  }
  let library: ReturnType<typeof koffi.load>;
  try {
    library = koffi.load(file);
  } catch (error) {
    throw new Error(`The native library ${file} could not be loaded: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const bind = (declaration: string): ((...values: unknown[]) => number) =>
    library.func(declaration) as (...values: unknown[]) => number;

  const version = bind('uint32_t apc_abi_version(void)')();
  const recordBytes = bind('uint32_t apc_record_size(void)')();
  if (version !== ABI_VERSION || recordBytes !== RECORD_BYTES) {
    throw new Error(
      `The native library ${file} has ABI version ${version} with ${recordBytes}-byte records; this app needs version ` +
        `${ABI_VERSION} with ${RECORD_BYTES}-byte records. Build it again with "npm run setup".`,
    );
  }
  const setDoorbell = bind('int32_t apc_set_doorbell(int32_t session, void *bell)');
  const functions: ApcLibrary = {
    apc_describe: bind('int32_t apc_describe(_Out_ uint8_t *text, uint32_t capacity)'),
    apc_engine: bind('int32_t apc_engine(_Out_ uint8_t *json, uint32_t capacity)'),
    apc_error_text: bind('int32_t apc_error_text(_Out_ uint8_t *text, uint32_t capacity)'),
    apc_open: bind('int32_t apc_open(const uint8_t *options)'),
    apc_load: bind('int32_t apc_load(int32_t session, const uint8_t *program, uint32_t bytes)'),
    apc_start: bind('int32_t apc_start(int32_t session)'),
    apc_create_thread: bind(
      'int32_t apc_create_thread(int32_t session, const char *name, uint32_t routine, uint32_t suspended)',
    ),
    apc_queue_user_apc: bind(
      'int32_t apc_queue_user_apc(int32_t session, uint32_t thread, uint32_t routine, uint64_t data)',
    ),
    apc_suspend_thread: bind('int32_t apc_suspend_thread(int32_t session, uint32_t thread)'),
    apc_resume_thread: bind('int32_t apc_resume_thread(int32_t session, uint32_t thread)'),
    apc_end_thread: bind('int32_t apc_end_thread(int32_t session, uint32_t thread, uint32_t exit_code)'),
    apc_step: bind(
      'int32_t apc_step(int32_t session, uint32_t thread, const uint8_t *step, const uint64_t *constants, const uint32_t *operands, uint32_t operand_count)',
    ),
    apc_define_text: bind('int32_t apc_define_text(int32_t session, const uint8_t *text, uint32_t bytes)'),
    apc_create_object: bind(
      'int32_t apc_create_object(int32_t session, const char *name, uint32_t type, const uint64_t *parameters)',
    ),
    apc_change_object: bind(
      'int32_t apc_change_object(int32_t session, uint32_t call, uint32_t object, uint32_t count)',
    ),
    apc_query_objects: bind('int32_t apc_query_objects(int32_t session)'),
    apc_stop: bind('int32_t apc_stop(int32_t session)'),
    apc_status_of: bind('int32_t apc_status_of(int32_t session, _Out_ uint8_t *status)'),
    apc_drain: bind(
      'int32_t apc_drain(int32_t session, _Out_ uint8_t *records, uint32_t capacity, _Out_ uint32_t *info)',
    ),
    apc_drain_text: bind(
      'int32_t apc_drain_text(int32_t session, uint32_t from, _Out_ uint8_t *bytes, uint32_t capacity)',
    ),
    apc_arm_doorbell: bind('int32_t apc_arm_doorbell(int32_t session)'),
    apc_close: bind('int32_t apc_close(int32_t session)'),
    setDoorbell(session, ring) {
      const registered = koffi.register(ring, koffi.pointer(doorbell));
      const code = setDoorbell(session, registered);
      return {
        code,
        remove() {
          setDoorbell(session, null);
          koffi.unregister(registered);
        },
      };
    },
  };
  const difference = abiDifference(readText(functions.apc_describe));
  if (difference !== undefined) {
    throw new Error(
      `The native library ${file} does not match this app: ${difference}. Build it again with "npm run setup".`,
    );
  }
  return functions;
}

/** Calls a function that fills a text buffer, with as much room as it asks for. */
export function readText(fill: (text: Uint8Array | null, capacity: number) => number): string {
  let buffer = new Uint8Array(4096);
  let length = fill(buffer, buffer.length);
  if (length >= buffer.length) {
    buffer = new Uint8Array(length + 1);
    length = fill(buffer, buffer.length);
  }
  return new TextDecoder().decode(buffer.subarray(0, Math.max(0, length)));
}

function fileName(): string {
  switch (process.platform) {
    case 'win32':
      return 'apc.dll';
    case 'darwin':
      return 'libapc.dylib';
    default:
      return 'libapc.so';
  }
}
