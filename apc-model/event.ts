/**
 * One event, as the native library publishes it: the twin of native-bridge/include/apc.h. The bridge compares both texts
 * (`abi.ts` here, `apc_describe` there) when it loads the library, so that neither can change alone.
 */

export const ABI_VERSION = 3;

/** Bytes of one record, head or `more`. */
export const RECORD_BYTES = 32;
/** A record seen as sixteen-, thirty-two-bit words: where each field of a head lies. Little endian. */
export const HEAD = {
  timeLow32: 0,
  timeHigh32: 1,
  ticket32: 2,
  kind16: 6,
  flags16: 7,
  thread16: 8,
  call16: 9,
  subject32: 5,
  valueLow32: 6,
  valueHigh32: 7,
} as const;
/** Where each field of a `more` record lies. Its three 64-bit values begin at byte 8. */
export const MORE = { kind16: 0, what16: 1, count32: 1, firstValue32: 2 } as const;
export const KIND_MORE = 0xffff;
/** Values of one `more` record, and what the library calls them (apc.h: APC_WHAT_ARGUMENTS). */
export const VALUES_OF_MORE = 3;
export const WHAT_ARGUMENTS = 1;

export const FLAG_INFERRED = 0x1;
export const FLAG_MORE = 0x2;
/** How many `more` records follow a head with these flags. */
export const moreCount = (flags: number): number => flags >>> 8;

/** Names of the kinds; a kind's number is its index here. */
export const KIND_NAMES = [
  'none',
  'defined',
  'threadCreated',
  'threadStarted',
  'threadEnded',
  'suspended',
  'resumed',
  'callBegan',
  'callReturned',
  'apcQueueing',
  'apcQueued',
  'apcQueueFailed',
  'apcArmed',
  'apcBegan',
  'apcEnded',
  'apcCancelled',
  'apcLost',
  'objectChanged',
  'log',
  'lost',
  'resync',
  'mismatch',
  'marker',
] as const;
export type KindName = (typeof KIND_NAMES)[number];

/** Numbers of the kinds: `Kind.callBegan`. */
export const Kind = {
  defined: 1,
  threadCreated: 2,
  threadStarted: 3,
  threadEnded: 4,
  suspended: 5,
  resumed: 6,
  callBegan: 7,
  callReturned: 8,
  apcQueueing: 9,
  apcQueued: 10,
  apcQueueFailed: 11,
  apcArmed: 12,
  apcBegan: 13,
  apcEnded: 14,
  apcCancelled: 15,
  apcLost: 16,
  objectChanged: 17,
  log: 18,
  lost: 19,
  resync: 20,
  mismatch: 21,
  marker: 22,
} as const satisfies Record<Exclude<KindName, 'none'>, number>;

/** Names of the calls; a call's number, which is also its opcode, is its index here. */
export const CALL_NAMES = [
  'none',
  'sleep',
  'sleepEx',
  'waitForSingleObject',
  'waitForSingleObjectEx',
  'waitForMultipleObjects',
  'waitForMultipleObjectsEx',
  'signalObjectAndWait',
  'msgWaitForMultipleObjectsEx',
  'getQueuedCompletionStatus',
  'getQueuedCompletionStatusEx',
  'getOverlappedResultEx',
  'ntDelayExecution',
  'ntTestAlert',
  'waitOnAddress',
  'enterCriticalSection',
  'leaveCriticalSection',
  'switchToThread',
  'queueUserApc',
  'queueUserApc2',
  'ntQueueApcThread',
  'ntQueueApcThreadEx',
  'setWaitableTimer',
  'cancelWaitableTimer',
  'readFileEx',
  'writeFileEx',
  'cancelIoEx',
  'readDirectoryChanges',
  'setEvent',
  'resetEvent',
  'pulseEvent',
  'releaseSemaphore',
  'releaseMutex',
  'postMessage',
  'peekMessage',
  'createCompletionPort',
  'postQueuedCompletionStatus',
  'bindToPort',
  'writePipe',
  'closePipeEnd',
  'openHandle',
  'duplicateHandle',
  'closeHandle',
  'createThread',
  'suspendThread',
  'resumeThread',
  'terminateThread',
  'exitThread',
  'log',
  'compute',
  'awaitState',
  'set',
  'add',
  'setLastError',
  'getLastError',
] as const;
export type CallName = (typeof CALL_NAMES)[number];

const numbered = <Name extends string>(names: readonly Name[]) =>
  Object.fromEntries(names.map((name, number) => [name, number])) as Record<Name, number>;

/** Numbers of the calls: `Call.sleepEx`. */
export const Call: Readonly<Record<CallName, number>> = numbered(CALL_NAMES);

export const EndReason = { returned: 1, exitThread: 2, terminated: 3, stopped: 4, error: 5 } as const;
export const END_REASON_NAMES = ['', 'returned', 'exitThread', 'terminated', 'stopped', 'error'] as const;

export const ThreadState = {
  notStarted: 1,
  running: 2,
  blocked: 3,
  alertable: 4,
  suspended: 5,
  ended: 6,
} as const;

export const DefinedClass = { thread: 1, routine: 2, object: 3, text: 4 } as const;

/** Names of the types of objects; a type's number is its index here. */
export const OBJECT_TYPE_NAMES = [
  'none',
  'event',
  'semaphore',
  'mutex',
  'timer',
  'file',
  'pipeRead',
  'pipeWrite',
  'port',
  'reserve',
  'criticalSection',
  'handle',
  'io',
] as const;
export type ObjectTypeName = (typeof OBJECT_TYPE_NAMES)[number];

/** Numbers of the types: `ObjectType.semaphore`. */
export const ObjectType: Readonly<Record<ObjectTypeName, number>> = numbered(OBJECT_TYPE_NAMES);

/** Handles that are no object of the program's. */
export const PseudoHandle = { null: 0, bogus: 1, currentThread: 2, currentProcess: 3 } as const;
export type PseudoHandleName = keyof typeof PseudoHandle;
export const PSEUDO_HANDLE_NAMES = ['null', 'bogus', 'currentThread', 'currentProcess'] as const;

export const SUBJECT_NONE = 0xffffffff;
/** A subject with this bit set is a thread: the rest is its index. */
export const SUBJECT_THREAD = 0x80000000;
/** A subject with this bit set, and not the one above, is a pseudo handle: the rest is its number. */
export const SUBJECT_HANDLE = 0x40000000;
export const THREAD_MAIN = 0;
export const THREAD_CONTROLLER = 1;
export const THREAD_FIRST = 2;
/** What expires timers in the emulation: it runs no routine and is in no list of threads. */
export const THREAD_SYSTEM = 0xffff;
/** As the target of a queuing whose handle is of no thread. */
export const THREAD_NONE = 0xfffe;
export const ROUTINE_NONE = 0xffff;
export const SITE_NONE = 0xffffff;
export const INFINITE = 0xffffffff;

/** Index types name their table. They are plain numbers; the names are for the reader. */
export type EventIndex = number;
export type ThreadIndex = number;
export type RoutineIndex = number;
export type ObjectIndex = number;
export type ApcId = number;
/** Number of a step of the compiled scenario. */
export type SiteIndex = number;

/** The thread that a subject names, or undefined where it names none. */
export const threadOfSubject = (subject: number): ThreadIndex | undefined =>
  subject !== SUBJECT_NONE && subject >= SUBJECT_THREAD ? subject - SUBJECT_THREAD : undefined;

/** The pseudo handle that a subject names, or undefined where it names none. */
export const pseudoHandleOfSubject = (subject: number): number | undefined =>
  subject >= SUBJECT_HANDLE && subject < SUBJECT_THREAD ? subject - SUBJECT_HANDLE : undefined;

/** The object that a subject names, or undefined where it names a thread, a pseudo handle or nothing. */
export const objectOfSubject = (subject: number): ObjectIndex | undefined =>
  subject < SUBJECT_HANDLE ? subject : undefined;

/** callBegan, apcQueueing, apcArmed and log carry the step that they came from in the value's top 24 bits. */
export const siteOf = (valueHigh: number): SiteIndex => valueHigh >>> 8;
export const isAlertable = (valueHigh: number): boolean => (valueHigh & 1) !== 0;
export const isWaitAll = (valueHigh: number): boolean => (valueHigh & 2) !== 0;
export const isInputAvailable = (valueHigh: number): boolean => (valueHigh & 4) !== 0;
/** Of setWaitableTimer: due counts from the session's start. */
export const isAbsolute = (valueHigh: number): boolean => (valueHigh & 8) !== 0;
export const isSpecial = (valueHigh: number): boolean => (valueHigh & 1) !== 0;
/** Of an APC: its routine's parameter is to point to APC_CALLBACK_DATA. */
export const isContext = (valueHigh: number): boolean => (valueHigh & 2) !== 0;

/** Is this a call in which a thread can block? (`compute` runs, the others return at once.) */
export const isWait = (call: number): boolean =>
  (call >= Call.sleep && call <= Call.ntDelayExecution) ||
  call === Call.waitOnAddress ||
  call === Call.enterCriticalSection ||
  call === Call.writePipe ||
  call === Call.awaitState;

/** Calls that only the lab makes: a view may show them quietly. */
export const isLabCall = (call: number): boolean => call >= Call.log;
